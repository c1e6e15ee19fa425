/** Places on the embedded cluster: its master takes what the matcher asks for, and offers what came of it. */
import { expect, test } from 'vitest';
import type { PodSpec } from '../../../runtime/spec/service.ts';
import { clusterOf } from './offer-cluster.ts';
import { keptFor, MACHINE, mount, openShop, placementOf, podOf, ROLE, shown, whyNot } from './offering.ts';

/** A shop on a cluster: each launch is accepted without a word against it. */
function opened(asked: PodSpec, cluster: ReturnType<typeof clusterOf>) {
  const shop = openShop(asked);
  const { frameworkId } = cluster;
  const found = (change = {}) => shop.place(shop.market(cluster.offers(), frameworkId), change, frameworkId);
  return {
    whyNot: (change = {}) => whyNot(found(change)),
    launch(change = {}) {
      const { pool, operations, infos } = placementOf(found(change));
      expect(cluster.accept(pool.offers, operations)).toEqual([]);
      const end = () => {
        shop.ended(...infos.keys());
        cluster.end(pool.hostname, infos.values());
      };
      return { host: pool.hostname, operations: shown(operations), end };
    },
  };
}

test('mounted disks of two sizes go to the volumes that need them, and stay with their pod', () => {
  const cluster = clusterOf([[...MACHINE, mount('/large', 900), mount('/small', 300)]], ROLE);
  const volumes = [
    { type: 'MOUNT' as const, containerPath: 'log', sizeMb: 200, profiles: [] },
    { type: 'MOUNT' as const, containerPath: 'data', sizeMb: 500, profiles: [] },
  ];
  const shop = opened(podOf({ volumes }), cluster);
  const first = shop.launch();
  expect(first.operations[1]).toBe('CREATE disk 300 (log on /small), disk 900 (data on /large)');
  first.end();
  expect(shop.launch().operations).toEqual([
    'LAUNCH data-0-server: cpus 0.5, mem 128, disk 300 (log on /small), disk 900 (data on /large)',
  ]);
});

test('a replaced pod gets its mounted disk empty when there is no other', () => {
  const cluster = clusterOf([[...MACHINE, mount('/only', 500)]], ROLE);
  const volumes = [{ type: 'MOUNT' as const, containerPath: 'data', sizeMb: 1, profiles: [] }];
  const shop = opened(podOf({ volumes }), cluster);
  shop.launch().end();
  const { operations } = shop.launch({ recovery: 'PERMANENT' });
  expect(operations[0]).toBe('DESTROY disk 500 (data on /only)');
  expect(operations[3]).toBe('CREATE disk 500 (data on /only)');
});

test('GROUP_BY goes round the racks', () => {
  const racks = ['r1', 'r1', 'r2', 'r3'];
  const cluster = clusterOf(
    racks.map(() => MACHINE),
    ROLE,
    racks,
  );
  const placement = { kind: 'group-by' as const, field: { kind: 'attribute' as const, name: 'rack' }, values: 3 };
  const shop = opened(podOf({}, { placement }), cluster);
  const rackOf = (host: string) => racks[Number(host.slice('host-'.length))];
  expect([0, 1, 2].map((index) => rackOf(shop.launch({ index }).host))).toEqual(['r1', 'r2', 'r3']);
});

test('a pod of a pre-reserved role lives on what is kept for that role, and gives it back to it', () => {
  const kept = MACHINE.map((resource) => keptFor('public', resource));
  const cluster = clusterOf([kept], `public/${ROLE}`);
  const shop = opened(podOf({}, { preReservedRole: 'public' }), cluster);
  shop.launch().end();
  expect(shop.launch({ pod: podOf({ cpus: 300 }, { preReservedRole: 'public' }) }).operations).toEqual([
    'UNRESERVE cpus 0.2',
    'LAUNCH data-0-server: cpus 0.3, mem 128',
  ]);
});

test('a pod grows from 0.1 to 0.5 cpus where it is', () => {
  const cluster = clusterOf([MACHINE, MACHINE], ROLE);
  const shop = opened(podOf({ cpus: 100 }), cluster);
  const first = shop.launch();
  first.end();
  const second = shop.launch({ pod: podOf({ cpus: 500 }) });
  expect(second.host).toBe(first.host);
  expect(second.operations).toEqual(['RESERVE cpus 0.4', 'LAUNCH data-0-server: cpus 0.5, mem 128']);
  second.end();
  expect(shop.launch({ pod: podOf({ cpus: 500 }) }).operations).toEqual(['LAUNCH data-0-server: cpus 0.5, mem 128']);
});
