/** How agents come, vanish and come back, as the recordings 14, 15, 19 and 23 of a real master show it. */
import { describe, expect, test } from 'vitest';
import type { MasterRegistry } from '../../../runtime/cluster/master.ts';
import {
  createRig,
  executorOf,
  info,
  launchOf,
  MACHINE,
  offersIn,
  operationsIn,
  ordersTo,
  reserved,
  scalar,
  statusesIn,
  taskOf,
} from './master-rig.ts';

const kinds = (events: readonly { type: string }[]) => events.map((event) => event.type);

/** One agent, one subscribed framework, one running task `t`. */
function withRunningTask(frameworkInfo = info) {
  const rig = createRig();
  rig.register(1);
  const web = rig.subscribe(frameworkInfo);
  const offer = offersIn(web.heard(web.outputs))[0]!;
  web.accept([offer], [launchOf(offer, 't')]);
  const agentId = offer.agent_id.value;
  const running = rig.status(1, web.frameworkId, 't', 'TASK_RUNNING');
  const uuid = statusesIn(web.heard(running))[0]!.uuid!;
  web.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id: offer.agent_id, task_id: { value: 't' }, uuid } });
  const frameworks = [{ ...frameworkInfo, id: { value: web.frameworkId } }];
  const task = {
    frameworkId: web.frameworkId,
    info: taskOf(offer, 't'),
    executor: executorOf(web.frameworkId, 't-executor'),
    status: rig.statusOf('t', 'TASK_RUNNING'),
  };
  const registerAgain = (tasks = [task]) =>
    rig.register(1, {
      agent: { id: agentId, hostname: 'host-1', ip: '127.0.0.1', port: 5051, resources: MACHINE, attributes: [] },
      tasks,
      frameworks,
    });
  const reconcile = (id: string, agent?: string) =>
    statusesIn(
      web.heard(
        web.call({
          type: 'RECONCILE',
          reconcile: {
            tasks: [{ task_id: { value: id }, ...(agent !== undefined && { agent_id: { value: agent } }) }],
          },
        }),
      ),
    ).map((status) => status.state);
  return { rig, web, offer, agentId, task, registerAgain, reconcile };
}

describe('an agent that is away', () => {
  test('has its offers rescinded at once; its tasks are thought to run on', () => {
    const { rig, web, agentId, reconcile } = withRunningTask();
    rig.pass(1000);
    expect(kinds(web.heard(rig.take({ kind: 'agent-lost', agent: 1 })))).toEqual(['RESCIND']);
    expect(kinds(web.heard(rig.pass(10_000)))).toEqual([]);
    expect(reconcile('t', agentId)).toEqual(['TASK_RUNNING']);
  });

  test('is unreachable after 75 s: its tasks and the agent are told of', () => {
    const { rig, web, agentId, reconcile } = withRunningTask();
    rig.take({ kind: 'agent-lost', agent: 1 });
    expect(statusesIn(web.heard(rig.pass(74_999)))).toEqual([]);
    const events = web.heard(rig.pass(1)).filter((event) => event.type !== 'HEARTBEAT');
    expect(kinds(events)).toEqual(['UPDATE', 'FAILURE']);
    expect(statusesIn(events)).toEqual([
      {
        task_id: { value: 't' },
        state: 'TASK_UNREACHABLE',
        message: 'health check timed out',
        source: 'SOURCE_MASTER',
        reason: 'REASON_AGENT_REMOVED',
        agent_id: { value: agentId },
        executor_id: { value: 't-executor' },
        timestamp: rig.now() / 1000,
        unreachable_time: { nanoseconds: rig.now() * 1e6 },
      },
    ]);
    expect(reconcile('t', agentId)).toEqual(['TASK_UNREACHABLE']);
    expect(reconcile('t')).toEqual(['TASK_UNKNOWN']);
  });

  test('without PARTITION_AWARE its tasks are lost', () => {
    const { rig, web } = withRunningTask({ ...info, capabilities: [{ type: 'MULTI_ROLE' }] });
    rig.take({ kind: 'agent-lost', agent: 1 });
    expect(statusesIn(web.heard(rig.pass(75_000)))).toMatchObject([{ state: 'TASK_LOST' }]);
  });
});

describe('an agent that comes back', () => {
  test('in time: nothing is said of its tasks, and it is offered again with the next batch (trace 14)', () => {
    const { rig, web, registerAgain } = withRunningTask();
    rig.pass(1000);
    rig.take({ kind: 'agent-lost', agent: 1 });
    expect(web.heard(registerAgain())).toEqual([]);
    expect(offersIn(web.heard(rig.pass(1000)))[0]?.resources).toContainEqual(
      expect.objectContaining({ name: 'cpus', scalar: { value: 2.9 } }),
    );
  });

  test('after it was given up: its tasks run again', () => {
    const { rig, web, registerAgain, reconcile } = withRunningTask();
    rig.take({ kind: 'agent-lost', agent: 1 });
    rig.pass(75_000);
    const events = web.heard(registerAgain());
    expect(kinds(events)).toEqual(['UPDATE', 'OFFERS']);
    expect(statusesIn(events)).toMatchObject([
      { state: 'TASK_RUNNING', reason: 'REASON_AGENT_REREGISTERED', message: 'Unreachable agent re-reregistered' },
    ]);
    expect(reconcile('t')).toEqual(['TASK_RUNNING']);
  });

  test('without a task that it never got: dropped, and its resources free', () => {
    const { rig, web, registerAgain, agentId, reconcile } = withRunningTask();
    rig.take({ kind: 'agent-lost', agent: 1 });
    const events = web.heard(registerAgain([]));
    expect(statusesIn(events)).toMatchObject([
      { state: 'TASK_DROPPED', reason: 'REASON_RECONCILIATION', message: 'Reconciliation: task unknown to the agent' },
    ]);
    expect(offersIn(web.heard(rig.pass(1000)))[0]?.resources).toContainEqual(
      expect.objectContaining({ name: 'cpus', scalar: { value: 4 } }),
    );
    expect(reconcile('t', agentId)).toEqual(['TASK_GONE']);
  });

  test('without an operation that it never got: dropped, and the reservation undone', () => {
    const { rig, web, registerAgain } = withRunningTask();
    const offer = offersIn(web.heard(rig.pass(1000)))[0]!;
    const resources = [reserved(scalar('cpus', 1), 'a')];
    web.accept([offer], [{ type: 'RESERVE', id: { value: 'r' }, reserve: { resources } }]);
    const [seen] = offersIn(web.heard(rig.pass(1000)));
    expect(seen?.resources).toContainEqual({ ...resources[0], allocation_info: { role: 'web-role' } });
    rig.take({ kind: 'agent-lost', agent: 1 });
    const events = web.heard(registerAgain());
    expect(operationsIn(events)).toEqual([
      { operation_id: { value: 'r' }, state: 'OPERATION_DROPPED', agent_id: offer.agent_id },
    ]);
    expect(offersIn(events)[0]?.resources?.some((resource) => resource.reservations)).toBe(false);
  });

  test('with nothing left of its disk is a new agent, and the one before it on this link is away', () => {
    const { rig, web } = withRunningTask();
    rig.pass(1000);
    const outputs = rig.register(1);
    expect(ordersTo(outputs, 1)).toEqual([{ kind: 'registered', agentId: 'M-S1' }]);
    expect(kinds(web.heard(outputs))).toEqual(['RESCIND', 'OFFERS']);
    expect(statusesIn(web.heard(rig.pass(75_000)))).toMatchObject([{ state: 'TASK_UNREACHABLE' }]);
  });

  test('is told again of a KILL that it may have missed', () => {
    const { rig, web, registerAgain } = withRunningTask();
    rig.take({ kind: 'agent-lost', agent: 1 });
    const outputs = web.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    expect(ordersTo(outputs, 1)).toEqual([]);
    expect(ordersTo(registerAgain(), 1)).toContainEqual({ kind: 'kill', frameworkId: web.frameworkId, taskId: 't' });
  });
});

describe('an operation', () => {
  test('is pending until the agent confirms it, then finished until it is acknowledged, then unknown', () => {
    const rig = createRig();
    rig.register(1);
    const web = rig.subscribe();
    const offer = offersIn(web.heard(web.outputs))[0]!;
    const resources = [reserved(scalar('cpus', 1), 'a')];
    const outputs = web.accept([offer], [{ type: 'RESERVE', id: { value: 'r' }, reserve: { resources } }]);
    expect(ordersTo(outputs, 1)).toMatchObject([{ kind: 'apply', operation: { reserve: { resources } } }]);
    const reconcile = () =>
      operationsIn(web.heard(web.call({ type: 'RECONCILE_OPERATIONS', reconcile_operations: {} }))).map((o) => o.state);
    expect(reconcile()).toEqual(['OPERATION_PENDING']);
    const { uuid } = rig.operationDone(1, web.frameworkId, 'r');
    expect(reconcile()).toEqual(['OPERATION_FINISHED']);
    const acknowledge_operation_status = { operation_id: { value: 'r' }, uuid: uuid!.value, agent_id: offer.agent_id };
    const told = web.call({ type: 'ACKNOWLEDGE_OPERATION_STATUS', acknowledge_operation_status });
    expect(ordersTo(told, 1)).toMatchObject([{ kind: 'acknowledge-operation', operationId: 'r', uuid: uuid!.value }]);
    expect(reconcile()).toEqual([]);
  });
});

describe('a master that restarts', () => {
  test('does not answer for agents that are expected back, and knows what they bring', () => {
    const before = withRunningTask();
    const registry: MasterRegistry = before.rig.said.filter((output) => output.kind === 'save').at(-1)!.registry;
    const rig = createRig({ id: 'N', registry });
    const web = rig.subscribe(info, before.web.frameworkId);
    const reconcile = (id: string, agent?: string) => {
      const task = { task_id: { value: id }, ...(agent !== undefined && { agent_id: { value: agent } }) };
      const outputs = web.call({ type: 'RECONCILE', reconcile: { tasks: [task] } });
      return statusesIn(web.heard(outputs)).map((status) => status.state);
    };
    expect(reconcile('t', before.agentId)).toEqual([]);
    expect(reconcile('never')).toEqual([]);
    expect(reconcile('never', 'no-such-agent')).toEqual(['TASK_UNKNOWN']);

    const frameworks = [{ ...info, id: { value: before.web.frameworkId } }];
    const outputs = rig.register(1, {
      agent: {
        id: before.agentId,
        hostname: 'host-1',
        ip: '127.0.0.1',
        port: 5051,
        resources: MACHINE,
        attributes: [],
      },
      tasks: [before.task],
      frameworks,
    });
    const [offer] = offersIn(web.heard(outputs));
    expect(offer?.executor_ids).toEqual([{ value: 't-executor' }]);
    expect(offer?.resources).toContainEqual(expect.objectContaining({ name: 'cpus', scalar: { value: 2.9 } }));
    expect(reconcile('t')).toEqual(['TASK_RUNNING']);
    expect(reconcile('never')).toEqual(['TASK_UNKNOWN']);
  });

  test('gives agents up that are not back after ten minutes', () => {
    const rig = createRig({ registry: { agents: ['M-S7'], removedFrameworks: [], nextAgent: 8, nextFramework: 0 } });
    const web = rig.subscribe();
    rig.pass(600_000);
    const tasks = [{ task_id: { value: 't' }, agent_id: { value: 'M-S7' } }];
    expect(statusesIn(web.heard(web.call({ type: 'RECONCILE', reconcile: { tasks } })))).toMatchObject([
      { state: 'TASK_UNREACHABLE' },
    ]);
  });

  test('gives a new agent a number that no other had', () => {
    const rig = createRig({ registry: { agents: ['M-S7'], removedFrameworks: [], nextAgent: 8, nextFramework: 0 } });
    expect(ordersTo(rig.register(1), 1)).toEqual([{ kind: 'registered', agentId: 'M-S8' }]);
  });
});
