/** Who is offered which machine: disks, GPUs, regions, static reservations and several roles. */
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import type { FrameworkInfo, OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { createRig, info, MACHINE, offersIn, operationsIn, ordersTo, reserved, scalar, volume } from './master-rig.ts';

const mount = (root: string, size: number, profile?: string): Resource => ({
  ...scalar('disk', size),
  disk: { source: { type: 'MOUNT', mount: { root }, ...(profile !== undefined && { profile }) } },
});

const capable = (...more: string[]): FrameworkInfo => ({
  ...info,
  capabilities: [...(info.capabilities ?? []), ...more.map((type) => ({ type }))],
});

function machine(...resources: Resource[]) {
  const agent = { hostname: 'host-1', ip: '127.0.0.1', port: 5051, resources, attributes: [] };
  return { agent, checkpointed: resources };
}

const plain = (resources: readonly Resource[] = []) =>
  resources.map(({ allocation_info: _role, ...resource }) => resource);

describe('MOUNT disks', () => {
  const slow = mount('disks/1', 2000);
  const fast = mount('disks/2', 4000, 'fast');

  function withDisks() {
    const rig = createRig();
    rig.register(1, machine(...MACHINE, slow, fast));
    const web = rig.subscribe();
    const [offer] = offersIn(web.heard(web.outputs));
    /** Operations on the newest offer; what became of them, and what is offered then. */
    const accept = (operations: OfferOperation[], from = offer!) => {
      const outputs = web.accept([from], operations);
      const [next] = offersIn(web.heard(rig.pass(1000)));
      return { refused: operationsIn(web.heard(outputs)), orders: ordersTo(outputs, 1), offer: next! };
    };
    return { accept, offer: offer! };
  }

  test('are offered whole, each with its root and profile', () => {
    expect(plain(withDisks().offer.resources)).toEqual(expect.arrayContaining([slow, fast]));
  });

  test('become a volume of their full size, and a disk again when it is destroyed', () => {
    const { accept } = withDisks();
    const disk = reserved(slow, 'r');
    const made: Resource = { ...disk, disk: { ...disk.disk, ...volume(disk, 'v').disk } };
    const created = accept([
      { type: 'RESERVE', id: { value: 'reserve' }, reserve: { resources: [disk] } },
      { type: 'CREATE', id: { value: 'create' }, create: { volumes: [made] } },
    ]);
    expect(created.refused).toEqual([]);
    expect(created.orders).toHaveLength(2);
    expect(plain(created.offer.resources)).toContainEqual(made);
    const destroyed = accept(
      [
        { type: 'DESTROY', id: { value: 'destroy' }, destroy: { volumes: [made] } },
        { type: 'UNRESERVE', id: { value: 'unreserve' }, unreserve: { resources: [disk] } },
      ],
      created.offer,
    );
    expect(destroyed.refused).toEqual([]);
    expect(plain(destroyed.offer.resources)).toContainEqual(slow);
  });

  test('are not reserved by halves', () => {
    const { accept } = withDisks();
    const half = reserved({ ...slow, scalar: { value: 1000 } }, 'r');
    const { refused } = accept([{ type: 'RESERVE', id: { value: 'half' }, reserve: { resources: [half] } }]);
    expect(refused).toMatchObject([
      { state: 'OPERATION_ERROR', message: expect.stringContaining('does not contain disk') },
    ]);
  });
});

describe('a machine with GPUs', () => {
  test('is offered to frameworks that know GPUs alone', () => {
    const rig = createRig();
    rig.register(1, machine(...MACHINE, scalar('gpus', 2)));
    const plainOne = rig.subscribe();
    expect(offersIn(plainOne.heard(plainOne.outputs))).toEqual([]);
    const knowing = rig.subscribe(capable('GPU_RESOURCES'));
    expect(plain(offersIn(knowing.heard(knowing.outputs))[0]?.resources)).toContainEqual(scalar('gpus', 2));
  });
});

describe('a machine of another region', () => {
  const domain = (region: string) => ({ fault_domain: { region: { name: region }, zone: { name: 'z' } } });

  test.each([
    ['of the same region', 'here', info, 1],
    ['of another, for those who know no regions', 'there', info, 0],
    ['of another, for those who know regions', 'there', capable('REGION_AWARE'), 1],
  ])('%s', (_, region, frameworkInfo, offers) => {
    const rig = createRig({ domain: domain('here') });
    const { agent, checkpointed } = machine(...MACHINE);
    rig.register(1, { agent: { ...agent, domain: domain(region) }, checkpointed });
    const web = rig.subscribe(frameworkInfo);
    const heard = offersIn(web.heard(web.outputs));
    expect(heard).toHaveLength(offers);
    for (const offer of heard) expect(offer.domain).toEqual(domain(region));
  });
});

describe('a role that the machine is reserved for', () => {
  const dse: Resource[] = ['cpus', 'mem', 'disk'].map((name) => ({
    ...scalar(name, name === 'cpus' ? 2 : 1024),
    reservations: [{ type: 'STATIC', role: 'dse' }],
  }));
  const refined: Resource = {
    ...scalar('cpus', 0.5),
    reservations: [
      { type: 'STATIC', role: 'dse' },
      {
        type: 'DYNAMIC',
        role: 'dse/web',
        principal: 'web-principal',
        labels: { labels: [{ key: 'resource_id', value: 'r' }] },
      },
    ],
  };

  function withRoles(...roles: string[]) {
    const rig = createRig();
    rig.register(1, machine(...MACHINE, ...dse));
    const web = rig.subscribe({ ...info, roles });
    const offers = offersIn(web.heard(web.outputs));
    return { rig, web, offers };
  }

  test('shows what is reserved to itself and the roles below it, and to nobody else', () => {
    for (const role of ['dse', 'dse/web']) {
      expect(plain(withRoles(role).offers[0]?.resources)).toEqual(expect.arrayContaining(dse));
    }
    expect(plain(withRoles('web-role').offers[0]?.resources)).toEqual(MACHINE);
  });

  test('can be refined by a framework below it, and grown in place with the same labels', () => {
    const { rig, web, offers } = withRoles('dse/web');
    const operation = (id: string, milli: number): OfferOperation => ({
      type: 'RESERVE',
      id: { value: id },
      reserve: { resources: [{ ...refined, scalar: { value: milli / 1000 } }] },
    });
    const first = web.accept(offers, [operation('small', 100)]);
    expect(operationsIn(web.heard(first))).toEqual([]);
    const [next] = offersIn(web.heard(rig.pass(1000)));
    const second = web.accept([next!], [operation('more', 400)]);
    expect(operationsIn(web.heard(second))).toEqual([]);
    const [grown] = offersIn(web.heard(rig.pass(1000)));
    expect(plain(grown?.resources)).toContainEqual(refined);
    expect(plain(grown?.resources)).toContainEqual({ ...dse[0], scalar: { value: 1.5 } });

    const back = web.accept(
      [grown!],
      [{ type: 'UNRESERVE', id: { value: 'back' }, unreserve: { resources: [refined] } }],
    );
    expect(operationsIn(web.heard(back))).toEqual([]);
    expect(plain(offersIn(web.heard(rig.pass(1000)))[0]?.resources)).toContainEqual(dse[0]);
  });

  test('gives a framework of two roles one offer a role', () => {
    const { offers, rig, web } = withRoles('dse', 'web-role');
    const other = offersIn(web.heard(rig.pass(1000)));
    const roles = [...offers, ...other].map((offer) => offer.allocation_info?.role);
    expect(new Set(roles).size).toBe(roles.length);
    const [static_] = [...offers, ...other].filter((offer) => offer.allocation_info?.role === 'dse');
    expect(plain(static_?.resources)).toEqual(expect.arrayContaining(dse));
  });
});
