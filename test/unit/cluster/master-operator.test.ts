/** What an operator of Mesos may do to agents, as the recordings 14 and 19 of a real master show it. */
import { describe, expect, test } from 'vitest';
import type { MasterRegistry } from '../../../runtime/cluster/master.ts';
import type { OperatorCall } from '../../../runtime/cluster/operator-call.ts';
import {
  createRig,
  info,
  launchOf,
  MACHINE,
  offersIn,
  operationsIn,
  ordersTo,
  reserved,
  scalar,
  statusesIn,
} from './master-rig.ts';

type Rig = ReturnType<typeof createRig>;

function ask(rig: Rig, call: OperatorCall) {
  const outputs = rig.take({ kind: 'operator', connection: 999, call });
  const answer = outputs.find((output) => output.kind === 'answer');
  return { outputs, status: answer?.status, body: answer?.body, json: answer?.json };
}

const gone = (rig: Rig, id: string) =>
  ask(rig, { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: id } } });

/** Two agents, a framework, the task `t` on the first, whose other resources are offered. */
function cluster(frameworkInfo = info) {
  const rig = createRig();
  rig.register(1);
  rig.register(2);
  const web = rig.subscribe(frameworkInfo);
  const offer = offersIn(web.heard(web.outputs)).find(({ hostname }) => hostname === 'host-1')!;
  web.accept([offer], [launchOf(offer, 't')]);
  rig.status(1, web.frameworkId, 't', 'TASK_RUNNING');
  const [rest] = offersIn(web.heard(rig.pass(1000)));
  const agentId = offer.agent_id.value;
  const reconcile = (agent_id: { value: string } | undefined) =>
    statusesIn(
      web.heard(
        web.call({
          type: 'RECONCILE',
          reconcile: { tasks: [{ task_id: { value: 't' }, ...(agent_id && { agent_id }) }] },
        }),
      ),
    );
  return { rig, web, agentId, rest: rest!, reconcile };
}

describe('an agent that is marked as gone', () => {
  test('takes its tasks with it: the framework hears of task, offer and agent, in this order (trace 14)', () => {
    const { rig, web, agentId, rest } = cluster();
    const { outputs, status } = gone(rig, agentId);
    expect(status).toBe(200);
    expect(web.heard(outputs)).toMatchObject([
      {
        type: 'UPDATE',
        update: {
          status: {
            state: 'TASK_GONE_BY_OPERATOR',
            message: 'Agent has been marked gone',
            reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
            source: 'SOURCE_MASTER',
            executor_id: { value: 't-executor' },
          },
        },
      },
      { type: 'RESCIND', rescind: { offer_id: rest.id } },
      { type: 'FAILURE', failure: { agent_id: { value: agentId } } },
    ]);
    expect(ordersTo(outputs, 1)).toEqual([{ kind: 'shutdown' }]);
  });

  test('is TASK_GONE_BY_OPERATOR when asked for by its id, and unknown without (trace 14)', () => {
    const { rig, agentId, reconcile } = cluster();
    gone(rig, agentId);
    expect(reconcile({ value: agentId })).toMatchObject([
      { state: 'TASK_GONE_BY_OPERATOR', message: 'Reconciliation: Task is gone' },
    ]);
    expect(reconcile(undefined)).toMatchObject([{ state: 'TASK_UNKNOWN' }]);
  });

  test('ends what it was about to do (trace 19)', () => {
    const { rig, web, agentId, rest } = cluster();
    const resources = [reserved(scalar('cpus', 1), 'r')];
    web.accept([rest], [{ type: 'RESERVE', id: { value: 'op' }, reserve: { resources } }]);
    expect(operationsIn(web.heard(gone(rig, agentId).outputs))).toMatchObject([
      { operation_id: { value: 'op' }, state: 'OPERATION_GONE_BY_OPERATOR', message: 'Agent has been marked gone' },
    ]);
    const operations = [{ operation_id: { value: 'op' }, agent_id: { value: agentId } }];
    const asked = web.call({ type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations } });
    expect(operationsIn(web.heard(asked))).toMatchObject([
      { state: 'OPERATION_GONE_BY_OPERATOR', message: 'Reconciliation: Agent marked gone by operator' },
    ]);
  });

  test('never comes back: it is told to end, and nothing of it is offered', () => {
    const { rig, agentId } = cluster();
    gone(rig, agentId);
    const agent = { id: agentId, hostname: 'host-1', ip: '127.0.0.1', port: 5051, resources: MACHINE, attributes: [] };
    const outputs = rig.register(1, { agent });
    expect(outputs).toEqual([{ kind: 'agent', agent: 1, message: { kind: 'shutdown' } }]);
    expect(rig.pass(60_000).filter((output) => output.kind === 'event' && output.event.type === 'OFFERS')).toEqual([]);
  });

  test('may be away, given up, or known from the registry alone; to a new master it is gone too', () => {
    const { rig, web, agentId } = cluster();
    rig.take({ kind: 'agent-lost', agent: 1 });
    rig.pass(75_000);
    expect(statusesIn(web.heard(rig.said)).at(-1)?.state).toBe('TASK_UNREACHABLE');
    expect(gone(rig, agentId).status).toBe(200);
    expect(gone(rig, agentId).status).toBe(200);

    const saved = rig.said.findLast((output) => output.kind === 'save')!.registry;
    expect(saved).toMatchObject({ agents: ['M-S1'], gone: ['M-S0'] });
    const next = createRig({ id: 'N', registry: saved });
    expect(gone(next, 'M-S1').status).toBe(200);
    const registry = next.said.findLast((output) => output.kind === 'save')?.registry as MasterRegistry;
    expect(registry).toMatchObject({ agents: [], gone: ['M-S0', 'M-S1'] });
    // No agent is expected any more, so what nobody knows is unknown.
    const again = next.subscribe(info, web.frameworkId);
    const asked = again.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' } }] } });
    expect(statusesIn(again.heard(asked))).toMatchObject([{ state: 'TASK_UNKNOWN' }]);
  });

  test('is TASK_LOST to a framework that does not know partitions', () => {
    const { rig, web, agentId } = cluster({ ...info, capabilities: [{ type: 'MULTI_ROLE' }] });
    expect(statusesIn(web.heard(gone(rig, agentId).outputs))).toMatchObject([{ state: 'TASK_LOST' }]);
  });
});

test('a deactivated agent keeps its tasks and is not offered until it is active again (trace 14)', () => {
  const { rig, web, agentId, rest } = cluster();
  const agent_id = { value: agentId };
  const off = ask(rig, { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } });
  expect(web.heard(off.outputs)).toEqual([{ type: 'RESCIND', rescind: { offer_id: rest.id } }]);
  web.call({ type: 'REVIVE' });
  expect(offersIn(web.heard(rig.pass(5000)))).toEqual([]);
  ask(rig, { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } });
  expect(offersIn(web.heard(rig.pass(1000))).map((offer) => offer.hostname)).toEqual(['host-1']);
});

describe('GET_AGENTS', () => {
  test('shows who is there, what it has, and who is still expected', () => {
    const rig = createRig({ registry: { agents: ['M-S7'], removedFrameworks: [], nextAgent: 8, nextFramework: 0 } });
    rig.register(1);
    expect(ask(rig, { type: 'GET_AGENTS' }).json).toMatchObject({
      type: 'GET_AGENTS',
      get_agents: {
        agents: [
          {
            agent_info: { hostname: 'host-1', port: 5051, id: { value: 'M-S8' } },
            active: true,
            deactivated: false,
            total_resources: MACHINE.map((resource) => ({ ...resource, role: '*' })),
          },
        ],
        recovered_agents: [{ id: { value: 'M-S7' } }],
      },
    });
  });
});

test.each([
  [{}, 400, /Expecting 'type'/],
  [{ type: 'MARK_AGENT_GONE' }, 400, /Expecting 'mark_agent_gone'/],
  [{ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: 'nobody' } } }, 404, /Agent not found/],
  [{ type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: { value: 'nobody' } } }, 404, /Agent not found/],
  [{ type: 'GET_METRICS' }, 501, /does not answer GET_METRICS/],
])('%o is refused: %i', (call, status, words) => {
  const answer = ask(createRig(), call);
  expect([answer.status, answer.body]).toEqual([status, expect.stringMatching(words)]);
});
