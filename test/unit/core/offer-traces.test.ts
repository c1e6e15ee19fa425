/** What a real master offered, and what it accepted: the matcher asks for the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../runtime/core/state.ts';
import type { Offer, Resource, TaskInfo } from '../../../runtime/kit/mesos.ts';
import type { Call, MesosEvent, OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { openShop, placementOf, podOf, shown } from './offering.ts';

interface Step {
  readonly kind: string;
  readonly event?: MesosEvent;
  readonly body?: Call;
}

function stepsOf(trace: string): Step[] {
  const url = new URL(`../../conformance/traces/${trace}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).steps;
}

/** Each ACCEPT of a recording with the offers that it names. */
function accepts(trace: string): { offers: Offer[]; operations: OfferOperation[] }[] {
  const known = new Map<string, Offer>();
  return stepsOf(trace).flatMap(({ event, body }) => {
    if (event?.type === 'OFFERS') for (const offer of event.offers.offers ?? []) known.set(offer.id.value, offer);
    if (body?.type !== 'ACCEPT') return [];
    const { offer_ids, operations = [] } = body.accept;
    return [{ offers: offer_ids.flatMap(({ value }) => known.get(value) ?? []), operations }];
  });
}

/** What the operations come to, whichever way they are cut. */
function asked(operations: readonly OfferOperation[]) {
  const inOrder = (resources: readonly Resource[]) => resources.map((each) => JSON.stringify(canonical(each))).sort();
  const groups = operations.flatMap((each) => (each.type === 'LAUNCH_GROUP' ? [each.launch_group] : []));
  return {
    destroyed: inOrder(operations.flatMap((each) => (each.type === 'DESTROY' ? each.destroy.volumes : []))),
    unreserved: inOrder(operations.flatMap((each) => (each.type === 'UNRESERVE' ? each.unreserve.resources : []))),
    reserved: inOrder(operations.flatMap((each) => (each.type === 'RESERVE' ? each.reserve.resources : []))),
    created: inOrder(operations.flatMap((each) => (each.type === 'CREATE' ? each.create.volumes : []))),
    executor: inOrder(groups[0]?.executor.resources ?? []),
    tasks: groups.map(({ task_group }) => inOrder(task_group.tasks.flatMap((task) => task.resources ?? []))),
  };
}

/** The same fields in the same order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, each]) => [key, canonical(each)]));
}

const who = { name: 'data-store', role: 'data-store-role', principal: 'data-store-principal' };
const settings = { ...defaultSettings, executor: { cpus: 100, memoryMb: 32, diskMb: 16 } };
const volumes = [{ type: 'ROOT' as const, containerPath: 'data', sizeMb: 64 }];
const client = { name: 'client', port: 10_010, advertise: false, ranges: [] };

describe('on its footprint a pod asks for what the recording asks for', () => {
  const data = (cpus: number, memoryMb: number) => podOf({ cpus, memoryMb, volumes, ports: [client] });
  const [first, ...later] = accepts('09-relaunch-grow-shrink');

  test.each([
    ['to be launched again', 0, data(500, 128)],
    ['to grow', 1, data(1000, 192)],
    ['to shrink', 2, data(250, 128)],
  ] as const)('%s', (_, at, wanted) => {
    const before = [first, ...later][at];
    const now = later[at];
    const group = before?.operations.find((each) => each.type === 'LAUNCH_GROUP')?.launch_group;
    const [task] = group?.task_group.tasks ?? [];
    if (!now || !group || !task) throw new Error('the recording is another one');
    const info: TaskInfo = { ...task, executor: group.executor };
    const frameworkId = group.executor.framework_id?.value ?? '';
    const shop = openShop(data(500, 128), who, settings);
    shop.record(new Map([['data-0-server', info]]), 'TASK_FAILED');
    const found = placementOf(shop.place(shop.market(now.offers, frameworkId), { pod: wanted }, frameworkId));
    expect(asked(found.operations)).toEqual(asked(now.operations));
    expect(found.pool.offers).toEqual(now.offers);
  });
});

test('what an agent keeps for a role is refined as in the recording', () => {
  const [recorded] = accepts('18-static-roles-and-quota');
  if (!recorded) throw new Error('the recording is another one');
  const pinned = podOf({ cpus: 500, memoryMb: 128, volumes }, { preReservedRole: 'slave_public' });
  const shop = openShop(pinned, who, settings);
  const { operations } = placementOf(shop.place(shop.market(recorded.offers)));
  expect(shown(operations).slice(0, 2)).toEqual([
    'RESERVE cpus 0.1, disk 16, mem 32, cpus 0.5, mem 128, disk 64',
    'CREATE disk 64 (data)',
  ]);
  const stacks = (some: readonly OfferOperation[]) => {
    const reserved = some.flatMap((each) => (each.type === 'RESERVE' ? each.reserve.resources : []));
    const plain = reserved.map(({ reservations = [] }) =>
      reservations.map(({ labels: _, ...rest }) => canonical(rest)),
    );
    return new Set(plain.map((stack) => JSON.stringify(stack)));
  };
  expect(stacks(operations)).toEqual(stacks(recorded.operations));
});

test('a mounted disk of a real offer is taken whole', () => {
  const offers = stepsOf('01-subscribe').flatMap(({ event }) =>
    event?.type === 'OFFERS' ? (event.offers.offers ?? []) : [],
  );
  const wanted = podOf({ volumes: [{ type: 'MOUNT', containerPath: 'data', sizeMb: 4000, profiles: [] }] });
  const shop = openShop(wanted, who, settings);
  const { operations } = placementOf(shop.place(shop.market(offers)));
  expect(shown(operations)[1]).toBe('CREATE disk 5000 (data on /var/lib/mesos/agent3/mountdisk)');
});
