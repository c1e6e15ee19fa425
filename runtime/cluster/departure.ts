/**
 * How agents go: cut off, given up, taken out by an operator. Promises that every framework hears of each task and operation it
 * loses, once and in the words of Mesos; it must never touch an agent that is back.
 */
import type { OperationState, TaskState, TaskStatus } from '../kit/mesos.ts';
import { addUnreachable, complete, disconnect, removeAgent, stir } from './bookkeeping.ts';
import { type Agent, isTerminal } from './ledger.ts';
import { rescindAllOn } from './offering.ts';
import { lostAs, masterStatus, order, save, type Turn, tell, tellStatus } from './turn.ts';

/** The link broke: nothing is offered of the agent any more, but its tasks are thought to run on (trace 14). */
export function agentLost(turn: Turn, link: number): void {
  const agent = turn.ledger.links.get(link);
  if (agent) agentAway(turn, agent);
}

export function agentAway(turn: Turn, agent: Agent): void {
  disconnect(turn.ledger, agent, turn.now);
  rescindAllOn(turn, agent);
}

/** What frameworks hear when an agent is taken out of the books. */
interface Verdict {
  operations: OperationState;
  operationsMessage: string;
  tasks: TaskState;
  status: Pick<TaskStatus, 'message' | 'reason' | 'unreachable_time'>;
}

/** Gives an agent up that was away for too long (traces 14, 23). */
export function markUnreachable(turn: Turn, agent: Agent): void {
  takeOut(turn, agent, {
    operations: 'OPERATION_UNREACHABLE',
    operationsMessage: 'Agent was marked unreachable',
    tasks: 'TASK_UNREACHABLE',
    status: {
      message: 'health check timed out',
      reason: 'REASON_AGENT_REMOVED',
      unreachable_time: { nanoseconds: turn.now * 1e6 },
    },
  });
  addUnreachable(turn.ledger, agent.id, turn.now);
}

/**
 * An operator says that the agent never comes back (traces 14, 19): also one that is unreachable, or that the master has only
 * heard of from its registry. Returns false for an agent nobody knows.
 */
export function markGone(turn: Turn, agentId: string): boolean {
  const { ledger } = turn;
  if (ledger.gone.has(agentId)) return true;
  if (!ledger.admitted.delete(agentId)) return false;
  ledger.gone.add(agentId);
  ledger.recovering.delete(agentId);
  ledger.unreachable.delete(agentId);
  save(turn);
  const agent = ledger.agents.get(agentId);
  if (!agent) return true;
  order(turn, agent, { kind: 'shutdown' });
  takeOut(turn, agent, {
    operations: 'OPERATION_GONE_BY_OPERATOR',
    operationsMessage: 'Agent has been marked gone',
    tasks: 'TASK_GONE_BY_OPERATOR',
    status: { message: 'Agent has been marked gone', reason: 'REASON_AGENT_REMOVED_BY_OPERATOR' },
  });
  return true;
}

/** DEACTIVATE_AGENT and REACTIVATE_AGENT: its tasks run on, nothing of it is offered meanwhile (trace 14). */
export function setActive(turn: Turn, agent: Agent, active: boolean): void {
  agent.deactivated = !active;
  if (active) stir(turn.ledger, agent.id);
  else rescindAllOn(turn, agent);
}

function takeOut(turn: Turn, agent: Agent, verdict: Verdict): void {
  const { ledger } = turn;
  const agent_id = { value: agent.id };
  for (const { frameworkId, id } of agent.operations) {
    const framework = ledger.frameworks.get(frameworkId);
    const status = {
      operation_id: { value: id },
      state: verdict.operations,
      message: verdict.operationsMessage,
      agent_id,
    };
    if (framework) tell(turn, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
  }
  for (const task of agent.tasks) {
    const framework = ledger.frameworks.get(task.frameworkId)!;
    const wasOver = isTerminal(task.latest);
    if (!wasOver) task.latest = lostAs(framework, verdict.tasks);
    complete(ledger, framework, task);
    if (wasOver) continue;
    const status = masterStatus(turn, {
      ...verdict.status,
      task_id: task.info.task_id,
      state: task.latest,
      agent_id,
      executor_id: { value: task.executorId },
    });
    tellStatus(turn, framework, status);
  }
  rescindAllOn(turn, agent);
  for (const framework of ledger.frameworks.values()) tell(turn, framework, { type: 'FAILURE', failure: { agent_id } });
  removeAgent(ledger, agent);
}
