/** Services on described machines: disks of two sizes, a rack an agent, a reserved role, a pod that grows where it is. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Resource } from '../../runtime/kit/mesos.ts';
import { startDev } from '../support/dev.ts';
import { type Workplace, workplace } from '../support/workplace.ts';

/** Deploys the definition on the machines, ends, and shows where the agents keep things. */
async function deployed(place: Workplace, definition: string, machines: string, args: string[] = []): Promise<string> {
  const [svc, file] = [join(place.directory, 'svc.yml'), join(place.directory, 'machines.yml')];
  writeFileSync(svc, definition);
  writeFileSync(file, machines);
  const program = startDev(place, ['--agents-file', file, '--exit-when-deployed', ...args], svc);
  const { code, stderr } = await program.ended;
  expect(code, stderr).toBe(0);
  return join(place.directory, 'data-dir/cluster');
}

test('a pod a rack, each on the disk that is big enough', async () => {
  const place = workplace();
  const cluster = await deployed(
    place,
    `
name: racks
pods:
  data:
    count: 3
    placement: '[["rack", "GROUP_BY", "3"]]'
    tasks:
      node:
        goal: RUNNING
        cmd: echo $TASK_NAME > big/name; sleep 1000
        cpus: 0.1
        memory: 64
        volume: { path: big, type: MOUNT, size: 1500 }
`,
    `
agents:
  - { attributes: { rack: r1 }, mounts: [{ size: 1000 }, { size: 2000 }] }
  - { attributes: { rack: r2 }, mounts: [{ size: 2000 }, { size: 1000 }] }
  - { attributes: { rack: r3 }, mounts: [{ size: 3000 }] }
`,
  );
  const bigDisks = ['agent-1/disks/2', 'agent-2/disks/1', 'agent-3/disks/1'];
  const names = bigDisks.map((disk) => readFileSync(join(cluster, disk, 'name'), 'utf8').trim());
  expect(names.sort()).toEqual(['data-0-node', 'data-1-node', 'data-2-node']);
  expect(readdirSync(join(cluster, 'agent-1/disks/1'))).toEqual([]);
});

test('what is reserved for a role is refined by a service below it, and grows in place on the same volume', async () => {
  const place = workplace();
  const definition = `
name: grower
pods:
  data:
    count: 1
    pre-reserved-role: dse
    tasks:
      node:
        goal: RUNNING
        cmd: echo $TASK_NAME >> data/name; sleep 1000
        cpus: {{CPUS}}
        memory: 64
        volume: { path: data, type: ROOT, size: 50 }
`;
  const machines = 'agents: [{ count: 2, reserved: { dse: { cpus: 1, mem: 1024, disk: 1000 } } }]';
  const small = await deployed(place, definition, machines, ['-e', 'CPUS=0.1']);
  const before = footprint(small);
  expect(before.cpus).toEqual([0.1, 0.1]);
  const grown = footprint(await deployed(place, definition, machines, ['-e', 'CPUS=0.5']));
  // The executor's, and the task's.
  expect(grown.cpus).toEqual([0.1, 0.5]);
  expect({ agent: grown.agent, volume: grown.volume }).toEqual({ agent: before.agent, volume: before.volume });
});

/** What the service holds, refined from what is reserved for the role: on one agent alone. */
function footprint(cluster: string) {
  const held = ['agent-1', 'agent-2'].flatMap((agent) => {
    const { resources } = JSON.parse(readFileSync(join(cluster, agent, 'agent.json'), 'utf8')) as {
      resources: Resource[];
    };
    const own = resources.filter((resource) => resource.reservations?.at(-1)?.role === 'dse/grower-role');
    return own.length === 0 ? [] : [{ agent, own }];
  });
  expect(held).toHaveLength(1);
  const { agent, own } = held[0]!;
  for (const resource of own) expect(resource.reservations?.map(({ type }) => type)).toEqual(['STATIC', 'DYNAMIC']);
  return {
    agent,
    cpus: own.flatMap(({ name, scalar }) => (name === 'cpus' ? [scalar?.value] : [])).sort(),
    volume: own.find((resource) => resource.disk?.persistence)?.disk?.persistence?.id,
  };
}
