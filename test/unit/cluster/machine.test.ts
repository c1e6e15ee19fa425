/** Machines as a file describes them, and what their agents then have. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ordinary, resourcesOfMachine } from '../../../runtime/cluster/machine.ts';
import { MachineTooSmall, resized } from '../../../runtime/cluster/machine-change.ts';
import { readMachines } from '../../../runtime/cluster/machine-file.ts';
import { exchange } from '../../../runtime/cluster/operation.ts';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import { bagOf, resourcesOf } from '../../../runtime/kit/resources.ts';
import { reserved, scalar } from './master-rig.ts';

const described = `
master: { region: eu, zone: eu-1 }
agents:
  - count: 2
    attributes: { rack: r1, load: 0.5, slots: [1-4, 7-9], tags: [ssd, quiet] }
  - cpus: 8
    gpus: 1
    ports: [9000-9010]
    mounts: [{ size: 2000 }, { size: 4000, profile: fast, role: dse }]
    reserved: { dse: { cpus: 2, mem: 1024 } }
    region: us
    zone: us-1
`;

describe('a file of machines', () => {
  const { agents, domain } = readMachines(described);

  test('says how many there are of each, and is ordinary where it says nothing', () => {
    expect(agents.map(({ cpus, mem, disk }) => ({ cpus, mem, disk }))).toEqual([
      ordinary,
      ordinary,
      { ...ordinary, cpus: 8 },
    ]);
  });

  test('gives attributes of all four types', () => {
    expect(agents[0]?.attributes).toEqual([
      { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
      { name: 'load', type: 'SCALAR', scalar: { value: 0.5 } },
      {
        name: 'slots',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 1, end: 4 },
            { begin: 7, end: 9 },
          ],
        },
      },
      { name: 'tags', type: 'SET', set: { item: ['ssd', 'quiet'] } },
    ]);
  });

  test('says where the master and the machines are', () => {
    const place = (region: string, zone: string) => ({
      fault_domain: { region: { name: region }, zone: { name: zone } },
    });
    expect(domain).toEqual(place('eu', 'eu-1'));
    expect(agents.map((machine) => machine.domain)).toEqual([undefined, undefined, place('us', 'us-1')]);
  });

  test('takes what is reserved out of the whole, and gives each disk a mount of its own', () => {
    const dse = { reservations: [{ type: 'STATIC', role: 'dse' }] };
    const mount = (root: string) => ({ type: 'MOUNT', mount: { root } });
    expect(resourcesOfMachine(agents[2]!, 2)).toEqual([
      scalar('cpus', 6),
      scalar('mem', 7168),
      scalar('disk', 20_000),
      scalar('gpus', 1),
      { ...scalar('cpus', 2), ...dse },
      { ...scalar('mem', 1024), ...dse },
      { ...scalar('disk', 2000), disk: { source: mount('disks/1') } },
      { ...scalar('disk', 4000), ...dse, disk: { source: { ...mount('disks/2'), profile: 'fast' } } },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 9000, end: 9010 }] } },
    ]);
  });

  test.each([
    ['agents: []', 'agents must NOT have fewer than 1 items'],
    ['agent: []', 'the file must have required property'],
    ['agents: [{ memory: 1 }]', 'agents[0] must NOT have additional properties: memory'],
    ['agents: [{}, { mounts: [{ size: big }] }]', 'agents[1].mounts[0].size must be number'],
    ['agents: [{ ports: [10-20x] }]', 'agents[0].ports[0] must match pattern'],
    ['agents: [{ region: eu }]', 'agents[0] must have property zone when property region is present'],
    ['agents: [{ cpus: 1, reserved: { dse: { cpus: 2 } } }]', 'agents[0]: more is reserved than the machine has'],
    ['agents: [', 'Flow sequence'],
  ])('%s is refused: %s', (text, words) => {
    expect(() => readMachines(text)).toThrow(words);
  });
});

describe('a machine that is described anew', () => {
  const machine = resourcesOfMachine({ ...ordinary, mounts: [{ size: 2000 }] }, 0);
  const sorted = (resources: readonly Resource[]) => resources.map((resource) => JSON.stringify(resource)).sort();

  test('as it was keeps everything as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (milli) => {
        const bag = bagOf(machine);
        const taken = scalar('cpus', milli / 1000);
        exchange(bag, { taken: bagOf([taken]), given: bagOf([reserved(taken, 'r')]) });
        const held = resourcesOf(bag);
        expect(sorted(resized(held, machine))).toEqual(sorted(held));
      }),
    );
  });

  test('as a bigger one has more, and what is held stays held', () => {
    const bag = bagOf(machine);
    exchange(bag, { taken: bagOf([scalar('cpus', 4)]), given: bagOf([reserved(scalar('cpus', 4), 'r')]) });
    const bigger = resourcesOfMachine({ ...ordinary, cpus: 6, mounts: [{ size: 2000 }, { size: 1 }] }, 0);
    const now = resized(resourcesOf(bag), bigger);
    expect(now).toContainEqual(reserved(scalar('cpus', 4), 'r'));
    expect(now).toContainEqual(scalar('cpus', 2));
    expect(now.filter((resource) => resource.disk?.source)).toHaveLength(2);
  });

  test('as a smaller one is that, unless somebody holds something', () => {
    const smaller = resourcesOfMachine({ ...ordinary, cpus: 1 }, 0);
    expect(resized(machine, smaller)).toEqual(smaller);
    const bag = bagOf(machine);
    exchange(bag, { taken: bagOf([scalar('cpus', 4)]), given: bagOf([reserved(scalar('cpus', 4), 'r')]) });
    expect(() => resized(resourcesOf(bag), smaller)).toThrow(MachineTooSmall);
  });
});
