import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boot } from '../../../runtime/core/boot.ts';
import { match, type Requirement } from '../../../runtime/core/offer/match.ts';
import { placementView } from '../../../runtime/core/offer/placement-view.ts';
import { poolsOf } from '../../../runtime/core/offer/pool.ts';
import { defaultSettings, type Service } from '../../../runtime/core/state.ts';
import type { Offer, OfferOperation, Resource } from '../../../runtime/kit/mesos.ts';
import { add, bagOf, contains, resourcesOf, subtract } from '../../../runtime/kit/resources.ts';
import type { PodSpec } from '../../../runtime/spec/service.ts';
import { countingIds } from '../../simulation/ids.ts';
import { plainSet } from '../../support/plain.ts';
import { pod, service, task } from './service.ts';

function offer(agent: string, amounts: Record<string, number>, ports: readonly [number, number][] = []): Offer {
  const scalars = Object.entries(amounts).map(
    ([name, value]): Resource => ({ name, type: 'SCALAR', scalar: { value }, allocation_info: { role: 'shop-role' } }),
  );
  const range = ports.map(([begin, end]) => ({ begin, end }));
  return {
    id: { value: `offer-${agent}` },
    framework_id: { value: 'framework' },
    agent_id: { value: agent },
    hostname: agent,
    resources: [
      ...scalars,
      ...(range.length > 0 ? [{ name: 'ports', type: 'RANGES' as const, ranges: { range } }] : []),
    ],
  };
}

function matched(type: PodSpec, offers: Offer[], change: Partial<Requirement> = {}) {
  const spec = service(type);
  const booted = boot({}, { ok: true, spec }, defaultSettings, 0, countingIds());
  if (!booted.ok) throw new Error(booted.errors.join());
  const found = booted.state.services.get('shop') as Service;
  const tasks = type.tasks.map((t) => t.name);
  const requirement = { pod: type, index: 0, tasks, spec, configId: found.targetId, ...change };
  const pools = poolsOf(offers, new Set(['shop-role']), 'framework');
  return match(requirement, pools.values(), {
    settings: defaultSettings,
    frameworkId: 'framework',
    service: found,
    placement: placementView(found),
    newId: countingIds(9),
  });
}

describe('why a pod has no place', () => {
  const data = pod('data', {
    tasks: [
      task('server', {
        resourceSet: {
          id: 'server-resource-set',
          cpus: 4000,
          memoryMb: 1024,
          ...plainSet,
          ports: [{ name: 'client', port: 9042, advertise: false, ranges: [] }],
          volumes: [{ type: 'ROOT', containerPath: 'data', sizeMb: 1000 }],
        },
      }),
    ],
  });
  const enough = { cpus: 5, mem: 2048, disk: 2000 };

  test.each<[string, Offer, string[]]>([
    ['cpus', offer('a', { ...enough, cpus: 2.5 }, [[9000, 9999]]), ['a: cpus, wanted 4, had 2.4']],
    ['memory', offer('a', { ...enough, mem: 1000 }, [[9000, 9999]]), ['a: mem, wanted 1024, had 968']],
    ['disk', offer('a', { ...enough, disk: 1000 }, [[9000, 9999]]), ['a: disk, wanted 1000, had 744']],
    ['the fixed port', offer('a', enough, [[9043, 9999]]), ['a: port client, wanted 9042, had 9043-9999']],
    [
      'everything at once',
      offer('a', { cpus: 0.05 }),
      [
        'a: cpus, wanted 0.1, had 0.05',
        'a: disk, wanted 256, had 0',
        'a: mem, wanted 32, had 0',
        'a: port client, wanted 9042, had none',
        'a: cpus, wanted 4, had 0.05',
        'a: mem, wanted 1024, had 0',
        'a: disk, wanted 1000, had 0',
      ],
    ],
  ])('%s', (_, only, reasons) => {
    const found = matched(data, [only]);
    expect(found.ok).toBe(false);
    if (found.ok) return;
    expect(found.reasons.map((r) => `${r.agent}: ${r.need}, wanted ${r.wanted}, had ${r.had}`)).toEqual(reasons);
  });
});

test('resources of an agent that came in two offers are used together', () => {
  const parts = [
    offer('a', { cpus: 0.3, mem: 160, disk: 0 }),
    { ...offer('a', { cpus: 0.3, disk: 256 }), id: { value: 'b' } },
  ];
  const found = matched(pod('web'), parts);
  expect(found.ok && found.pool.offers.map((o) => o.id.value)).toEqual(['offer-a', 'b']);
});

test('what belongs to another framework of the role is not seen', () => {
  const reserved = (resource: Resource): Resource => ({
    ...resource,
    reservations: [
      {
        type: 'DYNAMIC',
        role: 'shop-role',
        labels: {
          labels: [
            { key: 'framework_id', value: 'another' },
            { key: 'resource_id', value: 'theirs' },
          ],
        },
      },
    ],
  });
  const theirs = offer('a', { cpus: 8, mem: 8000, disk: 8000 });
  const pools = poolsOf(
    [{ ...theirs, resources: theirs.resources?.map(reserved) ?? [] }],
    new Set(['shop-role']),
    'framework',
  );
  expect(pools.get('a')?.free.size).toBe(0);
  expect(pools.get('a')?.reserved.size).toBe(0);
});

test('a dynamic port avoids the fixed ports of the pod', () => {
  const ports = [
    { name: 'admin', port: 0, advertise: false, ranges: [] },
    { name: 'client', port: 9000, advertise: false, ranges: [] },
  ];
  const web = pod('web', {
    tasks: [task('server', { resourceSet: { ...plainSet, id: 's', cpus: 100, memoryMb: 32, ports, volumes: [] } })],
  });
  const found = matched(web, [offer('a', { cpus: 1, mem: 128, disk: 256 }, [[9000, 9002]])]);
  const numbers = found.ok && found.placement.infos.get('web-0-server')?.discovery?.ports?.ports?.map((p) => p.number);
  expect(numbers).toEqual([9001, 9000]);
});

/** Applies a launch to what was offered, as the master does; throws when something is not there. */
function applied(offered: Offer[], operations: readonly OfferOperation[]) {
  const plain = (resource: Resource): Resource => {
    const { allocation_info: _, ...rest } = resource;
    return rest;
  };
  const running = bagOf(offered.flatMap((o) => o.resources ?? []).map(plain));
  for (const operation of operations) {
    switch (operation.type) {
      case 'RESERVE':
        subtract(
          running,
          operation.reserve.resources.map(({ reservations: _, ...resource }) => resource),
        );
        add(running, operation.reserve.resources);
        break;
      case 'CREATE':
        subtract(
          running,
          operation.create.volumes.map(({ disk: _, ...resource }) => resource),
        );
        add(running, operation.create.volumes);
        break;
      case 'LAUNCH_GROUP':
        subtract(
          running,
          operation.launch_group.task_group.tasks.flatMap((t) => t.resources ?? []),
        );
        break;
      default:
        throw new Error(operation.type);
    }
  }
  return running;
}

const amounts = fc.record({
  cpus: fc.integer({ min: 0, max: 8000 }).map((n) => n / 1000),
  mem: fc.integer({ min: 0, max: 2048 }),
  disk: fc.integer({ min: 0, max: 2048 }),
});

test('a match takes what was offered and no more, and leaves the rest of the pool exact', () => {
  const pods = fc.record({
    cpus: fc.integer({ min: 1, max: 4000 }),
    memoryMb: fc.integer({ min: 1, max: 1024 }),
    sizes: fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 3 }),
    ports: fc.integer({ min: 0, max: 3 }),
  });
  let placed = 0;
  fc.assert(
    fc.property(fc.array(amounts, { minLength: 1, maxLength: 3 }), pods, (offered, wanted) => {
      const volumes = wanted.sizes.map((sizeMb, i) => ({ type: 'ROOT' as const, containerPath: `v${i}`, sizeMb }));
      const ports = Array.from({ length: wanted.ports }, (_, i) => ({
        name: `p${i}`,
        port: 0,
        advertise: false,
        ranges: [],
      }));
      const { cpus, memoryMb } = wanted;
      const type = pod('data', {
        tasks: [task('server', { resourceSet: { ...plainSet, id: 's', cpus, memoryMb, ports, volumes } })],
      });
      const offers = offered.map((a, i) => offer(`agent-${i}`, a, [[1000, 1001]]));
      const found = matched(type, offers);
      if (!found.ok) return;
      placed++;
      const { agentId, operations } = found.placement;
      const mine = offers.filter((o) => o.agent_id.value === agentId);
      const left = applied(mine, operations);
      const executor = found.placement.infos.get('data-0-server')?.executor?.resources ?? [];
      expect(contains(left, executor)).toBe(true);
      subtract(left, executor);
      const byKind = (resources: Resource[]) =>
        JSON.stringify([...resources].sort((a, b) => (a.name < b.name ? -1 : 1)));
      expect(byKind(resourcesOf(left))).toBe(byKind(resourcesOf(found.pool.free)));
    }),
    { numRuns: 500 },
  );
  expect(placed).toBeGreaterThan(20);
});
