/** Launches where the footprint is: what grows, what shrinks, what is given back, and what must be there. */
import { describe, expect, test } from 'vitest';
import type { Match } from '../../../runtime/core/offer/match.ts';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import type { PodSpec, PortSpec, ResourceSet, VolumeSpec } from '../../../runtime/spec/service.ts';
import { plainSet } from '../../support/plain.ts';
import {
  keptFor,
  MACHINE,
  mount,
  offerOf,
  openShop,
  placementOf,
  podOf,
  ports,
  ROLE,
  scalar,
  shown,
  whyNot,
} from './offering.ts';
import { pod, task } from './service.ts';

function port(name: string, number: number): PortSpec {
  return { name, port: number, advertise: false, ranges: [] };
}

function root(containerPath: string, sizeMb = 200): VolumeSpec {
  return { type: 'ROOT', containerPath, sizeMb };
}

/** The launch of `after` where `before` ran and failed, on an agent with this much free besides. */
function relaunched(before: PodSpec, after: PodSpec, free: readonly Resource[] = MACHINE): Match {
  const shop = openShop(before);
  placementOf(shop.place(shop.market([offerOf('a', [...MACHINE, mount('/d', 500)])])));
  shop.ended();
  return shop.place(shop.market([offerOf('a', [...free, ...shop.reserved()])]), { pod: after });
}

const data = (set: Partial<ResourceSet>, change: Partial<PodSpec> = {}) =>
  podOf({ ports: [port('client', 1010)], volumes: [root('data')], ...set }, change);

describe('a footprint is found again by its ids', () => {
  test('an unchanged pod is launched on it, and nothing else is done', () => {
    expect(shown(placementOf(relaunched(data({}), data({}), [])).operations)).toEqual([
      'LAUNCH data-0-server: ports 1010, cpus 0.5, mem 128, disk 200 (data)',
    ]);
  });

  test('also when the agent has come back under another id', () => {
    const shop = openShop(data({}));
    placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended();
    const found = shop.place(shop.market([offerOf('b'), offerOf('a-again', shop.reserved())]));
    expect(placementOf(found).pool.agentId).toBe('a-again');
  });

  test('a part of it that came in another offer is used together with the rest', () => {
    const shop = openShop(data({}));
    placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended();
    const [first, ...rest] = shop.reserved();
    const offers = [offerOf('a', rest), offerOf('a', first ? [first] : [], ROLE, 'second')];
    expect(placementOf(shop.place(shop.market(offers))).pool.offers).toHaveLength(2);
  });

  test('it waits for its own, whatever others offer, and says for which', () => {
    const shop = openShop(data({}));
    placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended();
    expect(whyNot(shop.place(shop.market([offerOf('b'), offerOf('a')])))).toEqual([
      'a: its reservations, wanted 7, had 0',
    ]);
    const parts = shop.reserved().filter(({ name, disk }) => name !== 'ports' && !disk);
    expect(whyNot(shop.place(shop.market([offerOf('a', parts)])))).toEqual([
      'a: its reserved port client, wanted 1010, had not offered',
      'a: its reserved volume data, wanted 200, had not offered',
    ]);
  });

  test('without any offer there is nothing to say', () => {
    const shop = openShop(data({}));
    placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended();
    expect(whyNot(shop.place(shop.market([])))).toEqual([]);
  });
});

describe('a changed pod', () => {
  const set = (change: Partial<ResourceSet>) => data({ ...change });

  test.each<[string, PodSpec, PodSpec, string[]]>([
    [
      'grows by the difference',
      set({ cpus: 100 }),
      set({ cpus: 500 }),
      ['RESERVE cpus 0.4', 'LAUNCH data-0-server: ports 1010, cpus 0.5, mem 128, disk 200 (data)'],
    ],
    [
      'shrinks by the difference',
      set({ cpus: 500, memoryMb: 256 }),
      set({ cpus: 100, memoryMb: 128 }),
      ['UNRESERVE cpus 0.4, mem 128', 'LAUNCH data-0-server: ports 1010, cpus 0.1, mem 128, disk 200 (data)'],
    ],
    [
      'gives memory back that it does not ask for any more',
      set({}),
      set({ memoryMb: 0 }),
      ['UNRESERVE mem 128', 'LAUNCH data-0-server: ports 1010, cpus 0.5, disk 200 (data)'],
    ],
    [
      'gets a new port for one that changed, and gives the old one back first',
      set({}),
      set({ ports: [port('client', 1011)] }),
      [
        'UNRESERVE ports 1010',
        'RESERVE ports 1011',
        'LAUNCH data-0-server: ports 1011, cpus 0.5, mem 128, disk 200 (data)',
      ],
    ],
    [
      'keeps the number of a port that becomes dynamic',
      set({}),
      set({ ports: [port('client', 0)] }),
      ['LAUNCH data-0-server: ports 1010, cpus 0.5, mem 128, disk 200 (data)'],
    ],
    [
      'changes a dynamic port for a fixed one',
      set({ ports: [port('client', 0)] }),
      set({}),
      [
        'UNRESERVE ports 1000',
        'RESERVE ports 1010',
        'LAUNCH data-0-server: ports 1010, cpus 0.5, mem 128, disk 200 (data)',
      ],
    ],
    [
      'gives back a port that it does not have any more',
      set({}),
      set({ ports: [] }),
      ['UNRESERVE ports 1010', 'LAUNCH data-0-server: cpus 0.5, mem 128, disk 200 (data)'],
    ],
    [
      'keeps the size of its volume, whatever is asked for now',
      set({}),
      set({ volumes: [root('data', 999)] }),
      ['LAUNCH data-0-server: ports 1010, cpus 0.5, mem 128, disk 200 (data)'],
    ],
    [
      'gets a volume that is new',
      set({}),
      set({ volumes: [root('data'), root('log', 50)] }),
      [
        'RESERVE disk 50',
        'CREATE disk 50 (log)',
        'LAUNCH data-0-server: ports 1010, cpus 0.5, mem 128, disk 200 (data), disk 50 (log)',
      ],
    ],
    [
      'gives back a volume of the pod that it does not have any more',
      data({}, { volumes: [root('shared')] }),
      set({}),
      [
        'DESTROY disk 200 (shared)',
        'UNRESERVE disk 200',
        'LAUNCH data-0-server: ports 1010, cpus 0.5, mem 128, disk 200 (data)',
      ],
    ],
    [
      'keeps its mounted disk',
      set({ volumes: [{ type: 'MOUNT', containerPath: 'data', sizeMb: 400, profiles: [] }] }),
      set({ volumes: [{ type: 'MOUNT', containerPath: 'data', sizeMb: 9999, profiles: [] }] }),
      ['LAUNCH data-0-server: ports 1010, cpus 0.5, mem 128, disk 500 (data on /d)'],
    ],
  ])('%s', (_, before, after, operations) => {
    expect(shown(placementOf(relaunched(before, after)).operations)).toEqual(operations);
  });

  test('gets GPUs where it is', () => {
    const { operations } = placementOf(relaunched(set({}), set({ gpus: 1000 }), [scalar('gpus', 2)]));
    expect(shown(operations)[0]).toBe('RESERVE gpus 1');
  });

  test('that grows waits for room where it is', () => {
    const found = relaunched(set({ cpus: 100 }), set({ cpus: 3000 }), [scalar('cpus', 2.5)]);
    expect(whyNot(found)).toEqual(['a: cpus, wanted 2.9 more, had 2.5']);
  });

  test('may use what it gives back in the same breath', () => {
    const before = pod('data', {
      tasks: [task('a', { resourceSet: { ...plainSet, id: 'a', cpus: 1000, memoryMb: 64 } })],
    });
    const wide = { ...plainSet, id: 'b', cpus: 1000, memoryMb: 0, ports: [port('p', 0)] };
    const after = pod('data', {
      tasks: [
        task('a', { resourceSet: { ...wide, id: 'a', cpus: 200 } }),
        task('b', { resourceSet: { ...wide, cpus: 800 } }),
      ],
    });
    const found = relaunched(before, after, [ports({ begin: 7, end: 8 })]);
    expect(shown(placementOf(found).operations).slice(0, 2)).toEqual([
      'UNRESERVE mem 64, cpus 0.8',
      'RESERVE ports 7, ports 8, cpus 0.8',
    ]);
  });

  test('grows under the labels that its reservation has, so that the two merge', () => {
    const shop = openShop(set({ cpus: 100 }));
    placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended();
    const swapped = shop.reserved().map((resource) => ({
      ...resource,
      reservations: (resource.reservations ?? []).map((each) => ({
        ...each,
        labels: { labels: [...(each.labels?.labels ?? [])].reverse() },
      })),
    }));
    const found = shop.place(shop.market([offerOf('a', [...MACHINE, ...swapped])]), { pod: set({ cpus: 500 }) });
    const [reserve] = placementOf(found).operations;
    const resources = reserve?.type === 'RESERVE' ? reserve.reserve.resources : [];
    const labels = resources[0]?.reservations?.[0]?.labels?.labels;
    expect(labels?.map(({ key }) => key)).toEqual(['resource_id', 'framework_id']);
  });

  test('grows out of what is kept for its role', () => {
    const kept = MACHINE.map((resource) => keptFor('public', resource));
    const pinned = (cpus: number) => podOf({ cpus }, { preReservedRole: 'public' });
    const shop = openShop(pinned(100));
    placementOf(shop.place(shop.market([offerOf('a', kept, `public/${ROLE}`)])));
    shop.ended();
    const offers = [offerOf('a', [...MACHINE, ...kept.slice(0, 1), ...shop.reserved()], `public/${ROLE}`)];
    const found = placementOf(shop.place(shop.market(offers), { pod: pinned(500) }));
    expect(shown(found.operations)[0]).toBe('RESERVE cpus 0.4');
    expect(found.pool.free.get('public')?.scalars.get('cpus')).toBe(3600);
  });
});

test('a new dynamic port is none that another task of the pod is about to fix', () => {
  const set = (id: string, ...named: readonly PortSpec[]) => ({
    ...plainSet,
    id,
    cpus: 100,
    memoryMb: 0,
    ports: named,
  });
  const both = (a: readonly PortSpec[], b: readonly PortSpec[]) =>
    pod('data', {
      tasks: [task('a', { resourceSet: set('a', ...a) }), task('b', { resourceSet: set('b', ...b) })],
    });
  const shop = openShop(both([], [port('b', 1000)]));
  placementOf(shop.place(shop.market([offerOf('a')])));
  shop.ended();
  const after = both([port('a', 0)], [port('b', 1001)]);
  const offers = [offerOf('a', [ports({ begin: 1001, end: 1009 }), ...shop.reserved()])];
  const found = shop.place(shop.market(offers), { pod: after, tasks: ['a'] });
  expect(shown(placementOf(found).operations)[0]).toBe('RESERVE ports 1002');
});

test('a dynamic port of a virtual network keeps its number beside a new one', () => {
  const overlay = (...named: readonly PortSpec[]) =>
    podOf({ ports: named }, { networks: [{ name: 'dcos', portMappings: [], labels: {} }] });
  const found = relaunched(overlay(port('b', 0)), overlay(port('a', 0), port('b', 0)));
  const [info] = placementOf(found).infos.values();
  expect(info?.discovery?.ports?.ports?.map(({ name, number }) => `${name} ${number}`)).toEqual(['a 1026', 'b 1025']);
});

test('reservations of a role that the pod had before are of no use to it', () => {
  const shop = openShop(podOf({}));
  placementOf(shop.place(shop.market([offerOf('a')])));
  shop.ended();
  const found = shop.place(shop.market([offerOf('a', shop.reserved())]), {
    pod: podOf({}, { preReservedRole: 'public' }),
  });
  expect(whyNot(found)).toEqual(['a: its reservations, wanted 5, had 0']);
});

describe('the executor', () => {
  const both = pod('data', { tasks: [task('a'), task('b')] });

  test('that runs is used again, exactly as it is, for a task that is launched beside another', () => {
    const shop = openShop(both);
    const first = placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended('data-0-b');
    const executor = first.infos.get('data-0-a')?.executor;
    const ids = executor ? { executor_ids: [executor.executor_id] } : {};
    const found = shop.place(shop.market([{ ...offerOf('a', shop.reserved()), ...ids }]), { tasks: ['b'] });
    const [launch] = placementOf(found).operations;
    expect(launch?.type === 'LAUNCH_GROUP' && launch.launch_group.executor).toEqual(executor);
  });

  test('that runs must be where the task is launched', () => {
    const shop = openShop(both);
    const first = placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended('data-0-b');
    const id = first.infos.get('data-0-a')?.executor?.executor_id.value;
    const found = shop.place(shop.market([offerOf('a', shop.reserved())]), { tasks: ['b'] });
    expect(whyNot(found)).toEqual([`a: its running executor, wanted ${id}, had not here`]);
  });

  test('that runs on an agent of which nothing is offered is named', () => {
    const shop = openShop(both);
    const first = placementOf(shop.place(shop.market([offerOf('a')]), { tasks: ['a'] }));
    const id = first.infos.get('data-0-a')?.executor?.executor_id.value;
    const after = pod('data', { tasks: [task('a'), task('c')] });
    const found = shop.place(shop.market([offerOf('b')]), { pod: after, tasks: ['c'] });
    expect(whyNot(found)).toEqual([`a: its running executor, wanted ${id}, had not offered`]);
  });

  test('is a new one on the old resources once no task lives', () => {
    const shop = openShop(both);
    const first = placementOf(shop.place(shop.market([offerOf('a')]))).infos.get('data-0-a')?.executor;
    shop.ended();
    const next = placementOf(shop.place(shop.market([offerOf('a', shop.reserved())]))).infos.get('data-0-a')?.executor;
    expect(next?.executor_id).not.toEqual(first?.executor_id);
    expect(next?.resources).toEqual(first?.resources);
  });
});

describe('tasks that shared a resource set', () => {
  const set = (id: string) => ({ ...plainSet, id, cpus: 500, memoryMb: 128 });
  const shared = pod('data', {
    tasks: [task('a', { resourceSet: set('both') }), task('b', { resourceSet: set('both') })],
  });
  const apart = pod('data', { tasks: [task('a', { resourceSet: set('a') }), task('b', { resourceSet: set('b') })] });

  test('and now have one each: the one that lives keeps it, the other gets its own', () => {
    const shop = openShop(shared);
    placementOf(shop.place(shop.market([offerOf('a')]), { tasks: ['b'] }));
    const executor = shop.service.tasks.get('data-0-b')?.info.executor?.executor_id;
    const ids = executor ? { executor_ids: [executor] } : {};
    const found = shop.place(shop.market([{ ...offerOf('a'), ...ids }]), { pod: apart, tasks: ['a'] });
    expect(shown(placementOf(found).operations)).toEqual([
      'RESERVE cpus 0.5, mem 128',
      'LAUNCH data-0-a: cpus 0.5, mem 128',
    ]);
  });

  test('and now have one each: who is launched first takes it over, and the other does not wait for it', () => {
    const shop = openShop(shared);
    placementOf(shop.place(shop.market([offerOf('a')]), { tasks: ['b'] }));
    shop.ended();
    placementOf(shop.place(shop.market([offerOf('a', shop.reserved())]), { pod: apart, tasks: ['a'] }));
    expect(shop.service.tasks.get('data-0-b')?.info.resources).toEqual([]);
  });
});

describe('a replaced pod', () => {
  const before = data({ cpus: 3000 });

  test('goes to a new place and leaves the old one alone', () => {
    const shop = openShop(before);
    placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended();
    const offers = [offerOf('a', [scalar('cpus', 0.5), ...shop.reserved()]), offerOf('b')];
    const found = placementOf(shop.place(shop.market(offers), { recovery: 'PERMANENT' }));
    expect(found.pool.agentId).toBe('b');
    expect(shown(found.operations)[0]).toMatch(/^RESERVE/);
  });

  test('gives up its old place for a new footprint there, when there is no other', () => {
    const shop = openShop(before);
    placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended();
    const offers = [offerOf('a', shop.reserved()), offerOf('b', [scalar('cpus', 1)])];
    const found = placementOf(shop.place(shop.market(offers), { recovery: 'PERMANENT' }));
    expect(shown(found.operations)).toEqual([
      'DESTROY disk 200 (data)',
      'UNRESERVE ports 1010, cpus 3, mem 128, disk 200, cpus 0.1, disk 256, mem 32',
      'RESERVE cpus 0.1, disk 256, mem 32, ports 1010, cpus 3, mem 128, disk 200',
      'CREATE disk 200 (data)',
      'LAUNCH data-0-server: ports 1010, cpus 3, mem 128, disk 200 (data)',
    ]);
    expect(found.pool.reserved.size).toBe(0);
  });
});
