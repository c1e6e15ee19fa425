/** Laws of the matcher over services, agents and changes that nobody wrote by hand, with the embedded master as the judge. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conversionOf } from '../../../runtime/cluster/operation.ts';
import type { Match } from '../../../runtime/core/offer/match.ts';
import type { Offer, Resource } from '../../../runtime/kit/mesos.ts';
import type { OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { add, bagOf, resourcesOf, subtract } from '../../../runtime/kit/resources.ts';
import type { PodSpec, ResourceSet } from '../../../runtime/spec/service.ts';
import { plainSet } from '../../support/plain.ts';
import { clusterOf } from './offer-cluster.ts';
import { freeText, keptFor, mount, offerOf, openShop, ports, ROLE, scalar, shown, whyNot } from './offering.ts';
import { pod, task } from './service.ts';

const PUBLIC = 'public';

/** Each kind of resource, for everyone and once more for a role. */
const machine: fc.Arbitrary<Resource[]> = fc
  .record({
    cpus: fc.integer({ min: 500, max: 9000 }),
    mem: fc.integer({ min: 100, max: 4096 }),
    disk: fc.integer({ min: 300, max: 5000 }),
    gpus: fc.constantFrom(0, 4),
    ports: fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 9 })), { maxLength: 3 }),
    disks: fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom(undefined, 'fast')), { maxLength: 3 }),
  })
  .map(({ cpus, mem, disk, gpus, ports: numbers, disks }) => {
    const all = [
      scalar('cpus', cpus / 1000),
      scalar('mem', mem),
      scalar('disk', disk),
      scalar('gpus', gpus),
      ports(
        { begin: 5, end: 5 },
        { begin: 20, end: 40 },
        ...numbers.map(([begin, more]) => ({ begin, end: begin + more })),
      ),
    ];
    const mounts = disks.map(([size, profile], at) => mount(`/disk-${at}`, size, profile));
    return resourcesOf(bagOf([...all, ...mounts, ...all.map((each) => keptFor(PUBLIC, each))]));
  });

const volumes = fc.uniqueArray(fc.constantFrom('data', 'log', 'cache'), { maxLength: 2 }).chain((paths) =>
  fc.tuple(
    ...paths.map((containerPath) =>
      fc
        .record({
          sizeMb: fc.integer({ min: 1, max: 400 }),
          kind: fc.constantFrom('ROOT', 'ROOT', 'ROOT', 'MOUNT', 'fast'),
        })
        .map(({ sizeMb, kind }): ResourceSet['volumes'][number] =>
          kind === 'ROOT'
            ? { type: 'ROOT', containerPath, sizeMb }
            : { type: 'MOUNT', containerPath, sizeMb, profiles: kind === 'fast' ? ['fast'] : [] },
        ),
    ),
  ),
);

const portSpecs = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(0, 0, 0, 5, 20, 40)), {
    maxLength: 3,
    selector: ([name]) => name,
  })
  .map((named) => named.map(([name, port]) => ({ name, port, advertise: false, ranges: [] })));

const amounts = fc.record({
  cpus: fc.integer({ min: 0, max: 1500 }),
  gpus: fc.constantFrom(0, 0, 0, 1000),
  memoryMb: fc.integer({ min: 1, max: 512 }),
  ports: portSpecs,
});

/** The volumes of a task may not change, so they are drawn once for two definitions of a pod. */
const change = fc
  .record({
    own: fc.tuple(volumes, volumes),
    shared: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 1 }),
    before: fc.tuple(amounts, amounts),
    after: fc.tuple(amounts, amounts),
    isPinned: fc.boolean(),
    isVirtual: fc.boolean(),
  })
  .map(({ own, shared, before, after, isPinned, isVirtual }): [before: PodSpec, after: PodSpec] => {
    const made = (sets: typeof before, podVolumes: PodSpec['volumes']): PodSpec =>
      pod('data', {
        ...(isPinned ? { preReservedRole: PUBLIC } : {}),
        networks: isVirtual ? [{ name: 'dcos', portMappings: [], labels: {} }] : [],
        volumes: podVolumes,
        tasks: own.map((mine, at) => {
          const set = { ...plainSet, ...sets[at as 0 | 1], id: `set-${at}`, volumes: mine };
          return task(`task-${at}`, { resourceSet: set });
        }),
      });
    const together = shared.map((sizeMb) => ({ type: 'ROOT' as const, containerPath: 'shared', sizeMb }));
    return [made(before, together), made(after, [])];
  });

const agents = fc.array(machine, { minLength: 1, maxLength: 3 });

function roleFor(asked: PodSpec): string {
  return asked.preReservedRole === undefined ? ROLE : `${asked.preReservedRole}/${ROLE}`;
}

function withoutAllocation({ allocation_info: _, ...resource }: Resource): Resource {
  return resource;
}

/** What is left of offers after these operations; throws when something is not there, or is nothing. */
function applied(offers: readonly Offer[], operations: readonly OfferOperation[]): Resource[] {
  const bag = bagOf(offers.flatMap((offer) => offer.resources ?? []).map(withoutAllocation));
  const executors = new Set<string>();
  for (const operation of operations) {
    switch (operation.type) {
      case 'LAUNCH_GROUP': {
        const { executor, task_group } = operation.launch_group;
        const isNew = !executors.has(executor.executor_id.value);
        executors.add(executor.executor_id.value);
        const used = task_group.tasks.flatMap((each) => each.resources ?? []);
        subtract(bag, [...used, ...(isNew ? (executor.resources ?? []) : [])]);
        break;
      }
      case 'LAUNCH':
        throw new Error('a launch outside a group');
      default: {
        const { taken, given } = conversionOf(operation);
        if (given.size === 0) throw new Error(`${operation.type} of nothing`);
        subtract(bag, taken);
        add(bag, given);
      }
    }
  }
  return resourcesOf(bag);
}

test('a match takes what was offered and no more, and what it says is left is what is left', () => {
  let placed = 0;
  fc.assert(
    fc.property(agents, change, (machines, [asked]) => {
      const offers = machines.map((each, at) => offerOf(`agent-${at}`, each, roleFor(asked)));
      const shop = openShop(asked);
      const market = shop.market(offers);
      const operations = new Map<string, OfferOperation[]>();
      for (const index of [0, 1, 2]) {
        const found = shop.place(market, { index });
        if (!found.ok) continue;
        placed++;
        const { pool } = found.placement;
        operations.set(pool.key, [...(operations.get(pool.key) ?? []), ...found.placement.operations]);
      }
      for (const pool of market.pools.values()) {
        const left = applied(pool.offers, operations.get(pool.key) ?? []);
        const rest = shop.market([{ ...pool.offer, resources: left }]);
        expect(freeText(pool)).toBe(freeText([...rest.pools.values()][0]!));
      }
    }),
    { numRuns: 100 },
  );
  expect(placed).toBeGreaterThan(20);
});

test('what is found does not depend on the order of resources in an offer', () => {
  const outcome = (found: Match) =>
    found.ok ? [...shown(found.placement.operations), freeText(found.placement.pool)] : whyNot(found);
  fc.assert(
    fc.property(machine, change, fc.infiniteStream(fc.nat()), (resources, [asked], keys) => {
      const shuffled = resources
        .map((resource) => ({ resource, key: keys.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ resource }) => resource);
      const place = (each: readonly Resource[]) => {
        const shop = openShop(asked);
        return shop.place(shop.market([offerOf('agent', each, roleFor(asked))]));
      };
      expect(outcome(place(shuffled))).toEqual(outcome(place(resources)));
    }),
  );
});

describe('the master', () => {
  test.each(['in place after a change', 'anew in its old place'] as const)(
    'accepts every launch, and the next one %s',
    (next) => {
      let accepted = 0;
      let again = 0;
      fc.assert(
        fc.property(agents, change, (machines, [before, after]) => {
          const mesos = clusterOf(machines, roleFor(before));
          const shop = openShop(before);
          const first = shop.place(shop.market(mesos.offers(), mesos.frameworkId), {}, mesos.frameworkId);
          if (!first.ok) return;
          accepted++;
          const { pool, operations, infos } = first.placement;
          expect(mesos.accept(pool.offers, operations)).toEqual([]);
          shop.ended();
          mesos.end(pool.hostname, infos.values());
          const requirement = next === 'in place after a change' ? { pod: after } : { recovery: 'PERMANENT' as const };
          const second = shop.place(shop.market(mesos.offers(), mesos.frameworkId), requirement, mesos.frameworkId);
          if (!second.ok) return;
          again++;
          expect(mesos.accept(second.placement.pool.offers, second.placement.operations)).toEqual([]);
        }),
        { numRuns: 100 },
      );
      expect(accepted).toBeGreaterThan(10);
      expect(again).toBeGreaterThan(5);
    },
  );
});
