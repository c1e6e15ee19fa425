/** New places: what a pod asks of an agent, what it gets, and why it gets nothing. */
import { describe, expect, test } from 'vitest';
import type { Match } from '../../../runtime/core/offer/match.ts';
import { conversion } from '../../../runtime/core/offer/operations.ts';
import { poolsOf } from '../../../runtime/core/offer/pool.ts';
import { footprintIds, resourceIdOf } from '../../../runtime/core/offer/reserved.ts';
import type { Offer, Resource } from '../../../runtime/kit/mesos.ts';
import type { PodSpec, PortSpec, VolumeSpec } from '../../../runtime/spec/service.ts';
import { plainSet } from '../../support/plain.ts';
import {
  keptFor,
  MACHINE,
  mount,
  offerOf,
  openShop,
  placementOf,
  placeOn,
  podOf,
  ports,
  ROLE,
  scalar,
  shown,
  whyNot,
} from './offering.ts';
import { pod, task } from './service.ts';

const plainPort = { port: 0, advertise: false, ranges: [] };

function port(name: string, change: Partial<PortSpec> = {}): PortSpec {
  return { name, ...plainPort, ...change };
}

function root(containerPath: string, sizeMb: number): VolumeSpec {
  return { type: 'ROOT', containerPath, sizeMb };
}

function mounted(containerPath: string, sizeMb: number, ...profiles: readonly string[]): VolumeSpec {
  return { type: 'MOUNT', containerPath, sizeMb, profiles };
}

function portsIn(found: Match): (number | undefined)[] {
  const { infos } = placementOf(found);
  return [...infos.values()].flatMap((info) => info.discovery?.ports?.ports?.map(({ number }) => number) ?? []);
}

describe('a first launch', () => {
  test('reserves for executor and task, creates the volumes, and launches, in this order', () => {
    const data = podOf({ ports: [port('client', { port: 1042 })], volumes: [root('data', 200), root('log', 50)] });
    expect(shown(placementOf(placeOn([offerOf('a')], data)).operations)).toEqual([
      'RESERVE cpus 0.1, disk 256, mem 32, ports 1042, cpus 0.5, mem 128, disk 200, disk 50',
      'CREATE disk 200 (data), disk 50 (log)',
      'LAUNCH data-0-server: ports 1042, cpus 0.5, mem 128, disk 200 (data), disk 50 (log)',
    ]);
  });

  test('reserves for every task of the pod, and launches each in a group of its own', () => {
    const both = pod('data', { tasks: [task('b'), task('a')] });
    expect(shown(placementOf(placeOn([offerOf('a')], both)).operations)).toEqual([
      'RESERVE cpus 0.1, disk 256, mem 32, cpus 0.5, mem 128, cpus 0.5, mem 128',
      'LAUNCH data-0-a: cpus 0.5, mem 128',
      'LAUNCH data-0-b: cpus 0.5, mem 128',
    ]);
  });

  test('reserves a set that two tasks share once, and stores the task that is not launched without an id', () => {
    const resourceSet = { ...plainSet, id: 'shared', cpus: 500, memoryMb: 128 };
    const turns = pod('data', { tasks: [task('format', { resourceSet }), task('server', { resourceSet })] });
    const shop = openShop(turns);
    const { operations, infos } = placementOf(shop.place(shop.market([offerOf('a')]), { tasks: ['format'] }));
    expect(shown(operations)).toEqual([
      'RESERVE cpus 0.1, disk 256, mem 32, cpus 0.5, mem 128',
      'LAUNCH data-0-format: cpus 0.5, mem 128',
    ]);
    expect(infos.get('data-0-server')?.task_id.value).toBe('');
    expect(infos.get('data-0-server')?.resources).toEqual(infos.get('data-0-format')?.resources);
  });

  test('asks for nothing that nobody wants', () => {
    const tiny = podOf({ cpus: 0, memoryMb: 0, ports: [port('only')] });
    expect(shown(placementOf(placeOn([offerOf('a')], tiny)).operations)).toEqual([
      'RESERVE cpus 0.1, disk 256, mem 32, ports 1000',
      'LAUNCH data-0-server: ports 1000',
    ]);
  });

  test('takes GPUs', () => {
    const found = placeOn([offerOf('a', [...MACHINE, scalar('gpus', 2)])], podOf({ gpus: 1000 }));
    expect(shown(placementOf(found).operations).at(-1)).toBe('LAUNCH data-0-server: cpus 0.5, gpus 1, mem 128');
  });

  test('holds volumes of the pod in its executor', () => {
    const found = placeOn([offerOf('a')], podOf({}, { volumes: [root('shared', 300)] }));
    const { operations, infos } = placementOf(found);
    expect(shown(operations)[1]).toBe('CREATE disk 300 (shared)');
    const held = infos.get('data-0-server')?.executor?.resources?.at(-1);
    expect(held?.disk?.volume).toEqual({ container_path: 'shared', mode: 'RW' });
  });

  test('uses resources of an agent that came in two offers together, in one ACCEPT', () => {
    const parts = [
      offerOf('a', [scalar('cpus', 0.3), scalar('mem', 160)]),
      offerOf('a', [scalar('cpus', 0.3), scalar('disk', 256)], ROLE, 'second'),
    ];
    const { pool } = placementOf(placeOn(parts, podOf({})));
    expect(pool.offers.map((offer) => offer.id.value)).toEqual(['offer-a', 'second']);
  });
});

describe('why a pod has no place', () => {
  const data = podOf({
    cpus: 4000,
    memoryMb: 1024,
    ports: [port('client', { port: 9042 })],
    volumes: [root('data', 1000)],
  });
  const machine = (cpus: number, mem: number, disk: number, begin = 9000) =>
    offerOf('a', [scalar('cpus', cpus), scalar('mem', mem), scalar('disk', disk), ports({ begin, end: 9999 })]);

  test.each<[string, PodSpec, Offer, string[]]>([
    ['cpus', data, machine(2.5, 2048, 2000), ['a: cpus, wanted 4.1, had 2.5']],
    ['memory', data, machine(5, 1000, 2000), ['a: mem, wanted 1056, had 1000']],
    ['disk', data, machine(5, 2048, 1000), ['a: disk, wanted 1256, had 1000']],
    ['the fixed port', data, machine(5, 2048, 2000, 9043), ['a: port client, wanted 9042, had 9043-9999']],
    [
      'everything at once',
      data,
      offerOf('a', [scalar('cpus', 0.05)]),
      [
        'a: cpus, wanted 4.1, had 0.05',
        'a: disk, wanted 1256, had 0',
        'a: mem, wanted 1056, had 0',
        'a: port client, wanted 9042, had none',
      ],
    ],
    ['GPUs', podOf({ gpus: 2000 }), offerOf('a', [...MACHINE, scalar('gpus', 1)]), ['a: gpus, wanted 2, had 1']],
    [
      'a dynamic port of a range',
      podOf({ ports: [port('any', { ranges: [{ begin: 5, end: 9 }] })] }),
      offerOf('a'),
      ['a: port any, wanted any of 5-9, had 1000-1999'],
    ],
    [
      'a port that a second task of the pod has fixed as well',
      pod('data', {
        tasks: ['a', 'b'].map((name) =>
          task(name, {
            resourceSet: { ...plainSet, id: name, cpus: 1, memoryMb: 1, ports: [port(name, { port: 1001 })] },
          }),
        ),
      }),
      offerOf('a'),
      ['a: port b, wanted 1001, had 1000-1999'],
    ],
    [
      'a mounted disk that is large enough',
      podOf({ volumes: [mounted('data', 600)] }),
      offerOf('a', [...MACHINE, mount('/b', 500), mount('/a', 100), mount('/fast', 900, 'fast')]),
      ['a: a mounted disk for data, wanted 600, had 100, 500'],
    ],
    [
      'a mounted disk of the profile',
      podOf({ volumes: [mounted('data', 600, 'fast', 'nvme')] }),
      offerOf('a', [...MACHINE, mount('/a', 900)]),
      ['a: a mounted disk of profile fast or nvme for data, wanted 600, had none'],
    ],
    [
      'what is kept for the pre-reserved role',
      podOf({}, { preReservedRole: 'public' }),
      offerOf('a', [...MACHINE, keptFor('public', scalar('cpus', 0.2))], `public/${ROLE}`),
      [
        'a: cpus of role public, wanted 0.6, had 0.2',
        'a: disk of role public, wanted 256, had 0',
        'a: mem of role public, wanted 160, had 0',
      ],
    ],
    [
      'room that the rule allows, and cpus besides',
      podOf({ cpus: 9000 }, { placement: { kind: 'value', field: { kind: 'hostname' }, match: 'exact', text: 'b' } }),
      offerOf('a'),
      ['a: placement hostname:IS:b, wanted hostname b, had hostname a', 'a: cpus, wanted 9.1, had 4'],
    ],
  ])('%s', (_, asked, only, reasons) => {
    expect(whyNot(placeOn([only], asked))).toEqual(reasons);
  });

  test('each agent tells its own', () => {
    expect(whyNot(placeOn([offerOf('a'), offerOf('b', [scalar('cpus', 9)])], podOf({ cpus: 5000 })))).toEqual([
      'a: cpus, wanted 5.1, had 4',
      'b: disk, wanted 256, had 0',
      'b: mem, wanted 160, had 0',
    ]);
  });

  test('an agent of which only another role is offered is not asked', () => {
    expect(whyNot(placeOn([offerOf('a', MACHINE, `public/${ROLE}`)], podOf({ cpus: 9000 })))).toEqual([]);
  });
});

describe('ports', () => {
  const held = (...range: [number, number][]) =>
    offerOf('a', [...MACHINE.slice(0, 3), ports(...range.map(([begin, end]) => ({ begin, end })))]);

  test.each<[string, PodSpec, Offer, number[]]>([
    [
      'a dynamic port avoids the fixed ports of the pod',
      podOf({ ports: [port('admin'), port('client', { port: 9000 })] }),
      held([9000, 9002]),
      [9001, 9000],
    ],
    [
      'a dynamic port is the lowest that is free, however the offer lists them',
      podOf({ ports: [port('a'), port('b')] }),
      held([30, 31], [10, 10]),
      [10, 30],
    ],
    [
      'a dynamic port lies in its ranges, bounds included',
      podOf({
        ports: [port('a', { ranges: [{ begin: 20, end: 20 }] }), port('b', { ranges: [{ begin: 19, end: 21 }] })],
      }),
      held([10, 30]),
      [20, 19],
    ],
    [
      'mesos-bridge uses ports of the agent',
      podOf({ ports: [port('a')] }, { networks: [{ name: 'mesos-bridge', portMappings: [], labels: {} }] }),
      held([10, 30]),
      [10],
    ],
  ])('%s', (_, asked, only, numbers) => {
    expect(portsIn(placeOn([only], asked))).toEqual(numbers);
  });

  test('a virtual network needs none: dynamic numbers begin at 1025, and nothing is reserved', () => {
    const overlay = podOf(
      { ports: [port('a'), port('b', { port: 1026 }), port('c')] },
      { networks: [{ name: 'dcos', portMappings: [], labels: {} }] },
    );
    const found = placeOn([offerOf('a', MACHINE.slice(0, 3))], overlay);
    expect(portsIn(found)).toEqual([1025, 1026, 1027]);
    expect(shown(placementOf(found).operations)[0]).not.toContain('ports');
  });
});

describe('mounted disks', () => {
  const disks = [mount('/large', 900), mount('/b', 500), mount('/fast', 600, 'fast'), mount('/a', 500)];

  test.each<[string, VolumeSpec[], string]>([
    ['the smallest that is large enough, as a whole', [mounted('data', 450)], 'CREATE disk 500 (data on /a)'],
    ['one each', [mounted('x', 450), mounted('y', 501)], 'CREATE disk 500 (x on /a), disk 900 (y on /large)'],
    ['of one of its profiles', [mounted('data', 10, 'slow', 'fast')], 'CREATE disk 600 (data on /fast)'],
    [
      'so that all are served: who can do with another disk makes room',
      [mounted('x', 550, 'fast', ''), mounted('y', 10, 'fast')],
      'CREATE disk 900 (x on /large), disk 600 (y on /fast)',
    ],
    ['beside the root disk', [mounted('x', 1), root('y', 7)], 'CREATE disk 500 (x on /a), disk 7 (y)'],
  ])('%s', (_, volumes, created) => {
    for (const offered of [disks, disks.toReversed()]) {
      const found = placeOn([offerOf('a', [...MACHINE, ...offered])], podOf({ volumes }));
      expect(shown(placementOf(found).operations)[1]).toBe(created);
    }
  });

  test('keep what names the disk', () => {
    const source = { type: 'MOUNT' as const, mount: { root: '/d' }, id: 'disk-7', vendor: 'acme', profile: 'fast' };
    const disk: Resource = { ...scalar('disk', 10), disk: { source }, provider_id: { value: 'local' } };
    const { infos } = placementOf(
      placeOn([offerOf('a', [...MACHINE, disk])], podOf({ volumes: [mounted('x', 1, 'fast')] })),
    );
    const volume = infos.get('data-0-server')?.resources?.at(-1);
    expect(volume?.disk?.source).toEqual(source);
    expect(volume?.provider_id).toEqual({ value: 'local' });
  });
});

describe('roles', () => {
  const pinned = podOf({}, { preReservedRole: 'public' });
  const kept = MACHINE.map((resource) => keptFor('public', resource));

  test('a pre-reserved role is refined by ours, for the executor too', () => {
    const { operations, infos } = placementOf(placeOn([offerOf('a', kept, `public/${ROLE}`)], pinned));
    const [reserve] = operations;
    const stacks = reserve?.type === 'RESERVE' ? reserve.reserve.resources.map((each) => each.reservations) : [];
    expect(stacks).toHaveLength(5);
    for (const stack of [...stacks, infos.get('data-0-server')?.executor?.resources?.[0]?.reservations]) {
      expect(stack?.map(({ type, role }) => `${type} ${role}`)).toEqual(['STATIC public', `DYNAMIC public/${ROLE}`]);
    }
  });

  test('only a pod that asks for it takes what is kept for a role', () => {
    expect(whyNot(placeOn([offerOf('a', kept)], podOf({})))).toEqual([
      'a: cpus, wanted 0.6, had 0',
      'a: disk, wanted 256, had 0',
      'a: mem, wanted 160, had 0',
    ]);
  });

  test('offers of two roles of one agent stay apart: Mesos refuses them in one ACCEPT', () => {
    const shop = openShop(pinned);
    const market = shop.market([offerOf('a', MACHINE), offerOf('a', kept, `public/${ROLE}`, 'second')]);
    expect(placementOf(shop.place(market)).pool.offers.map((offer) => offer.id.value)).toEqual(['second']);
  });
});

describe('what is not ours is not seen', () => {
  const labelled = (labels: Record<string, string>, change: Partial<Resource> = {}): Resource => ({
    ...scalar('cpus', 8),
    reservations: [
      {
        type: 'DYNAMIC',
        role: ROLE,
        labels: { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) },
      },
    ],
    ...change,
  });

  test.each<[string, Resource]>([
    ['reserved by another framework of the role', labelled({ framework_id: 'another', resource_id: 'theirs' })],
    ['reserved by an operator, without an id', labelled({})],
    ['revocable', { ...scalar('cpus', 8), revocable: {} }],
    ['shared', { ...scalar('disk', 8), shared: {} }],
    [
      'a path that is not the root disk',
      { ...scalar('disk', 8), disk: { source: { type: 'PATH', path: { root: '/x' } } } },
    ],
    ['a raw block device', { ...scalar('disk', 8), disk: { source: { type: 'RAW' } } }],
  ])('%s', (_, resource) => {
    const [pool] = poolsOf([offerOf('a', [resource])], new Set([ROLE]), 'framework').values();
    expect([...(pool?.free.keys() ?? [])]).toEqual([]);
    expect(pool?.reserved.size).toBe(0);
  });
});

describe('amounts count to the thousandth', () => {
  const exact = podOf({ cpus: 501, memoryMb: 128, volumes: [root('data', 200)] });
  const fitting = { cpus: 0.601, mem: 160, disk: 456 };

  test.each<[string, number, string[]]>([
    ['cpus', 0.6, ['a: cpus, wanted 0.601, had 0.6']],
    ['mem', 159.999, ['a: mem, wanted 160, had 159.999']],
    ['disk', 455.999, ['a: disk, wanted 456, had 455.999']],
    ['nothing', 0, []],
  ])('%s is too little', (name, value, reasons) => {
    const had = Object.entries({ ...fitting, ...(reasons.length > 0 ? { [name]: value } : {}) });
    const found = placeOn(
      [
        offerOf(
          'a',
          had.map(([each, amount]) => scalar(each, amount)),
        ),
      ],
      exact,
    );
    expect(whyNot(found)).toEqual(reasons);
  });
});

describe('what has to be remembered of a launch', () => {
  test('the reservations and volumes that are there only if Mesos makes them', () => {
    const { pending, infos } = placementOf(placeOn([offerOf('a')], podOf({ volumes: [root('data', 200)] })));
    const info = infos.get('data-0-server');
    const ids = info ? footprintIds(info) : [];
    const volumes = (info?.resources ?? []).filter(({ disk }) => disk).map(resourceIdOf);
    const made = pending.map(({ operation }) => operation);
    expect(made.map(({ type, pod: instance }) => `${type} ${instance}`)).toEqual(['RESERVE data-0', 'CREATE data-0']);
    expect(made[0]?.resourceIds.toSorted()).toEqual(ids.toSorted());
    expect(made[1]?.resourceIds).toEqual(volumes);
  });
});

describe('operations', () => {
  const types = ['RESERVE', 'UNRESERVE', 'CREATE', 'DESTROY'] as const;

  test.each(types)('%s of nothing is none: it would end a real master', (type) => {
    expect(conversion(type, 'id', [])).toBeUndefined();
    expect(conversion(type, 'id', [scalar('cpus', 0), scalar('mem', 0.0004), ports()])).toBeUndefined();
  });

  test.each(types)('%s names only what is something', (type) => {
    const named = conversion(type, 'id', [scalar('cpus', 0), scalar('mem', 32)]);
    expect(shown(named ? [named] : [])).toEqual([`${type} mem 32`]);
  });
});

describe('several instances in one frame', () => {
  test('share an agent as long as it has room', () => {
    const shop = openShop(podOf({ cpus: 1900 }));
    const market = shop.market([offerOf('a')]);
    const found = [0, 1, 2].map((index) => shop.place(market, { index }));
    expect(found.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(whyNot(found[2] as Match)).toEqual(['a: cpus, wanted 2, had 0']);
  });

  test('spread over agents where the rule wants it', () => {
    const shop = openShop(podOf({}, { placement: { kind: 'max-per', field: { kind: 'hostname' }, max: 1 } }));
    const market = shop.market(['a', 'b', 'c'].map((name) => offerOf(name)));
    const hosts = [0, 1, 2, 3].map((index) => {
      const found = shop.place(market, { index });
      return found.ok ? found.placement.pool.hostname : 'none';
    });
    expect(hosts).toEqual(['a', 'b', 'c', 'none']);
  });

  test('go round the agents where the rule allows more than one', () => {
    const shop = openShop(podOf({}, { placement: { kind: 'max-per', field: { kind: 'hostname' }, max: 2 } }));
    const market = shop.market(['a', 'b'].map((name) => offerOf(name)));
    const hosts = [0, 1, 2, 3].map((index) => placementOf(shop.place(market, { index })).pool.hostname);
    expect(hosts).toEqual(['a', 'b', 'a', 'b']);
  });

  test('hear what is left now, not what was', () => {
    const large = podOf({ cpus: 9000 });
    const shop = openShop(large);
    const market = shop.market([offerOf('a')]);
    expect(whyNot(shop.place(market))).toEqual(['a: cpus, wanted 9.1, had 4']);
    placementOf(shop.place(market, { pod: pod('other') }));
    expect(whyNot(shop.place(market, { index: 1 }))).toEqual(['a: cpus, wanted 9.1, had 3.4']);
  });

  test('may have what another one has just given back', () => {
    const shop = openShop(podOf({ cpus: 3000 }));
    placementOf(shop.place(shop.market([offerOf('a')])));
    shop.ended();
    const free = [scalar('cpus', 1), scalar('mem', 2000), scalar('disk', 2000)];
    const market = shop.market([offerOf('a', [...free, ...shop.reserved()])]);
    const other = { pod: podOf({ cpus: 2000 }, { type: 'other' }) };
    expect(whyNot(shop.place(market, other))).toEqual(['a: cpus, wanted 2.1, had 1']);
    placementOf(shop.place(market, { pod: podOf({ cpus: 1000 }) }));
    expect(shop.place(market, other).ok).toBe(true);
  });

  test('leave agents with GPUs to those who need them, as long as there are others', () => {
    const shop = openShop(podOf({ cpus: 1900 }));
    const market = shop.market([offerOf('gpu', [...MACHINE, scalar('gpus', 4)]), offerOf('plain')]);
    const hosts = [0, 1, 2].map((index) => placementOf(shop.place(market, { index })).pool.hostname);
    expect(hosts).toEqual(['plain', 'plain', 'gpu']);
  });
});
