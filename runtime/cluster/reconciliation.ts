/**
 * RECONCILE and RECONCILE_OPERATIONS: what the master can say of a task or an operation (traces 05, 08, 14, 15, 19). Promises
 * one answer for each that it can tell, in the order asked, and silence while an agent that may know is still expected.
 */
import type { Id, OperationStatus } from '../kit/mesos.ts';
import type { Agent, Framework, Operation, Task } from './ledger.ts';
import { lastKnown, lostAs, masterStatus, type Turn, tell, tellStatus } from './turn.ts';

interface Question {
  task_id: Id;
  agent_id?: Id;
}

/** Nothing named means: all tasks of the framework that are not acknowledged as ended. */
export function reconcile(turn: Turn, framework: Framework, questions: readonly Question[] = []): void {
  if (questions.length === 0) {
    for (const task of framework.tasks.values()) tellKnown(turn, framework, task);
  }
  for (const question of questions) reconcileTask(turn, framework, question);
}

/** One answer; a KILL of a task that the master does not know is answered the same way (trace 05). */
export function reconcileTask(turn: Turn, framework: Framework, { task_id, agent_id }: Question): void {
  const { ledger } = turn;
  const task = framework.tasks.get(task_id.value);
  if (task) {
    tellKnown(turn, framework, task);
    return;
  }
  const reason = 'REASON_RECONCILIATION';
  if (agent_id === undefined) {
    if (ledger.recovering.size > 0) return;
    const message = 'Reconciliation: Task is unknown';
    const state = lostAs(framework, 'TASK_UNKNOWN');
    tellStatus(turn, framework, masterStatus(turn, { task_id, state, message, reason }));
    return;
  }
  if (ledger.recovering.has(agent_id.value)) return;
  if (ledger.agents.has(agent_id.value)) {
    const message = 'Reconciliation: Task is unknown to the agent';
    const state = lostAs(framework, 'TASK_GONE');
    tellStatus(turn, framework, masterStatus(turn, { task_id, state, message, reason, agent_id }));
    return;
  }
  if (ledger.gone.has(agent_id.value)) {
    const message = 'Reconciliation: Task is gone';
    const state = lostAs(framework, 'TASK_GONE_BY_OPERATOR');
    tellStatus(turn, framework, masterStatus(turn, { task_id, state, message, reason, agent_id }));
    return;
  }
  const since = ledger.unreachable.get(agent_id.value);
  if (since === undefined) {
    const message = 'Reconciliation: Task is unknown';
    const state = lostAs(framework, 'TASK_UNKNOWN');
    tellStatus(turn, framework, masterStatus(turn, { task_id, state, message, reason, agent_id }));
    return;
  }
  const message = 'Reconciliation: Task is unreachable';
  const state = lostAs(framework, 'TASK_UNREACHABLE');
  const unreachable_time = { nanoseconds: since * 1e6 };
  tellStatus(turn, framework, masterStatus(turn, { task_id, state, message, reason, agent_id, unreachable_time }));
}

/** The last state that the framework was told, which may be behind the agent's (trace 07). */
function tellKnown(turn: Turn, framework: Framework, task: Task): void {
  const status = masterStatus(turn, {
    task_id: task.info.task_id,
    state: task.statuses.at(-1)?.state ?? 'TASK_STAGING',
    message: 'Reconciliation: Latest task state',
    reason: 'REASON_RECONCILIATION',
    agent_id: { value: task.agentId },
    executor_id: { value: task.executorId },
    ...lastKnown(task),
  });
  tellStatus(turn, framework, status);
}

/** Nothing named means: all operations of the framework whose status is not acknowledged. */
export function reconcileOperations(
  turn: Turn,
  framework: Framework,
  questions: readonly { operation_id: Id; agent_id?: Id }[] = [],
): void {
  const own = [...turn.ledger.agents.values()].flatMap((agent) =>
    agent.operations
      .filter((operation) => operation.frameworkId === framework.id)
      .map((operation) => knownOperation(operation, agent)),
  );
  const answers =
    questions.length === 0
      ? own
      : questions.map(
          ({ operation_id, agent_id }) =>
            own.find((known) => known.operation_id?.value === operation_id.value) ??
            unknownOperation(turn, operation_id, agent_id),
        );
  for (const status of answers) {
    tell(turn, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
  }
}

function knownOperation({ id, state }: Operation, agent: Agent): OperationStatus {
  return { operation_id: { value: id }, state, agent_id: { value: agent.id } };
}

function unknownOperation({ ledger }: Turn, operation_id: Id, agent_id: Id | undefined): OperationStatus {
  if (agent_id === undefined) {
    const message = "Reconciliation: Operation is unknown and no 'agent_id' was provided";
    return { operation_id, state: 'OPERATION_UNKNOWN', message };
  }
  const answer = (state: OperationStatus['state'], what: string): OperationStatus => ({
    operation_id,
    state,
    message: `Reconciliation: ${what}`,
    agent_id,
  });
  const agentId = agent_id.value;
  if (ledger.gone.has(agentId)) return answer('OPERATION_GONE_BY_OPERATOR', 'Agent marked gone by operator');
  if (ledger.agents.has(agentId)) return answer('OPERATION_UNKNOWN', 'Operation is unknown');
  if (ledger.recovering.has(agentId)) return answer('OPERATION_RECOVERING', 'Agent is recovering');
  if (ledger.unreachable.has(agentId)) return answer('OPERATION_UNREACHABLE', 'Agent is unreachable');
  return answer('OPERATION_UNKNOWN', 'Both operation and agent are unknown');
}
