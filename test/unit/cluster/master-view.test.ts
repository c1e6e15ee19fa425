/** `GET /state` and `GET /slaves` have the shape that operators' tools read from a real master. */
import { expect, test } from 'vitest';
import { createRig, launchOf, offersIn, reserved, scalar, statusesIn, volume } from './master-rig.ts';

interface State {
  frameworks: Record<string, unknown>[];
  slaves: Record<string, unknown>[];
}

/** One task on a reserved volume runs, one is over, the rest is offered. */
function busyMaster() {
  const rig = createRig();
  rig.register(1);
  const web = rig.subscribe();
  const offer = offersIn(web.heard(web.outputs))[0]!;
  const disk = reserved(scalar('disk', 100), 'd');
  web.accept(
    [offer],
    [
      { type: 'RESERVE', reserve: { resources: [disk] } },
      { type: 'CREATE', create: { volumes: [volume(disk, 'v')] } },
      launchOf(offer, 'lives', [scalar('cpus', 1), volume(disk, 'v')]),
      launchOf(offer, 'ended', [scalar('cpus', 0.5)]),
    ],
  );
  rig.status(1, web.frameworkId, 'lives', 'TASK_STARTING');
  rig.status(1, web.frameworkId, 'lives', 'TASK_RUNNING');
  const [status] = statusesIn(web.heard(rig.status(1, web.frameworkId, 'ended', 'TASK_FINISHED')));
  const acknowledge = { agent_id: offer.agent_id, task_id: { value: 'ended' }, uuid: status!.uuid! };
  web.call({ type: 'ACKNOWLEDGE', acknowledge });
  rig.take({
    kind: 'agent',
    agent: 1,
    message: { kind: 'executor-ended', frameworkId: web.frameworkId, executorId: 'ended-executor', status: 0 },
  });
  rig.pass(1000);
  return rig;
}

test('/state shows frameworks with their tasks, executors and offers', () => {
  const rig = busyMaster();
  const { frameworks } = rig.master.state(rig.now()) as unknown as State;
  expect(frameworks).toMatchObject([
    {
      id: 'M-0000',
      name: 'web',
      active: true,
      connected: true,
      recovered: false,
      roles: ['web-role'],
      principal: 'web-principal',
      used_resources: { cpus: 1.1, mem: 32, disk: 116, gpus: 0 },
      offered_resources: { cpus: 2.9, mem: 4064, disk: 9884, gpus: 0, ports: '[100-109]' },
      tasks: [
        {
          id: 'lives',
          framework_id: 'M-0000',
          executor_id: 'lives-executor',
          slave_id: 'M-S0',
          state: 'TASK_RUNNING',
          role: 'web-role',
          statuses: [{ state: 'TASK_STARTING' }, { state: 'TASK_RUNNING' }],
        },
      ],
      completed_tasks: [{ id: 'ended', state: 'TASK_FINISHED' }],
      executors: [{ executor_id: 'lives-executor', type: 'DEFAULT', slave_id: 'M-S0' }],
      offers: [{ id: 'M-O1', slave_id: 'M-S0', allocation_info: { role: 'web-role' } }],
    },
  ]);
});

test('/slaves shows what is reserved for whom, in sum and in full', () => {
  const rig = busyMaster();
  const { slaves } = rig.master.slaves(rig.now()) as unknown as State;
  expect(slaves).toMatchObject([
    {
      id: 'M-S0',
      hostname: 'host-1',
      pid: 'slave(1)@127.0.0.1:5051',
      active: true,
      resources: { cpus: 4, mem: 4096, disk: 10_000, ports: '[100-109]' },
      reserved_resources: { 'web-role': { disk: 100, cpus: 0 } },
      unreserved_resources: { disk: 9900 },
      reserved_resources_full: {
        'web-role': [
          {
            name: 'disk',
            role: 'web-role',
            reservation: { principal: 'web-principal' },
            disk: { persistence: { id: 'v' } },
          },
        ],
      },
    },
  ]);
  expect(slaves[0]?.['used_resources_full']).toContainEqual({
    ...scalar('cpus', 1),
    role: '*',
    allocation_info: { role: 'web-role' },
  });
});

test('an agent that is away is shown as inactive', () => {
  const rig = busyMaster();
  rig.take({ kind: 'agent-lost', agent: 1 });
  expect(rig.master.state(rig.now())).toMatchObject({ activated_slaves: 0, deactivated_slaves: 1 });
});
