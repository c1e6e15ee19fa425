/**
 * What agents say: registration, statuses, operations. Promises that the books follow the agent, which alone knows what runs and
 * what is durable on its machine.
 */
import { type Bag, bagOf, contains } from '../kit/resources.ts';
import { addTask, complete, connect, setLatest, stir } from './bookkeeping.ts';
import { agentAway } from './departure.ts';
import { type Agent, type Executor, type Framework, isTerminal, note, type Task } from './ledger.ts';
import type { MasterOutput } from './master-port.ts';
import type { AgentTask, AgentToMaster } from './message.ts';
import { makeOffers } from './offering.ts';
import { bare } from './resource-form.ts';
import { newFramework } from './subscription.ts';
import { lastKnown, lostAs, masterStatus, order, save, type Turn, tell, tellStatus } from './turn.ts';

type Register = Extract<AgentToMaster, { kind: 'register' }>;

export function agentSays(turn: Turn, link: number, message: AgentToMaster): void {
  if (message.kind === 'register') {
    register(turn, link, message);
    return;
  }
  const agent = turn.ledger.links.get(link);
  if (!agent) return;
  const framework = turn.ledger.frameworks.get(message.frameworkId);
  if (!framework) {
    order(turn, agent, { kind: 'shutdown-framework', frameworkId: message.frameworkId });
    return;
  }
  switch (message.kind) {
    case 'status':
      onStatus(turn, framework, message);
      break;
    case 'operation':
      onOperation(turn, framework, agent, message);
      break;
    case 'executor-ended':
      onExecutorEnded(turn, framework, agent, message);
      break;
  }
}

function onStatus(turn: Turn, framework: Framework, message: Extract<AgentToMaster, { kind: 'status' }>): void {
  const { status, latest } = message;
  const task = framework.tasks.get(status.task_id.value);
  if (task) {
    setLatest(turn.ledger, task, latest.state);
    task.pending = status;
    note(task, status);
  }
  tellStatus(turn, framework, status);
}

function onOperation(
  turn: Turn,
  framework: Framework,
  agent: Agent,
  { status }: Extract<AgentToMaster, { kind: 'operation' }>,
): void {
  const id = status.operation_id?.value ?? '';
  const uuid = status.uuid?.value;
  const own = agent.operations.filter((operation) => operation.frameworkId === framework.id);
  const known =
    own.find((operation) => operation.id === id && operation.uuid === uuid) ??
    own.find((operation) => operation.id === id && operation.uuid === undefined);
  const operation = known ?? { frameworkId: framework.id, id, state: status.state };
  operation.state = status.state;
  if (uuid !== undefined) operation.uuid = uuid;
  if (!known) agent.operations.push(operation);
  tell(turn, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
}

/** Command executors are not in the books, and a framework never hears of their end (trace 10, case 98). */
function onExecutorEnded(
  turn: Turn,
  framework: Framework,
  agent: Agent,
  { executorId, status }: Extract<AgentToMaster, { kind: 'executor-ended' }>,
): void {
  const isIt = (executor: Executor) =>
    executor.frameworkId === framework.id && executor.info.executor_id.value === executorId;
  if (!agent.executors.some(isIt)) return;
  agent.executors = agent.executors.filter((executor) => !isIt(executor));
  stir(turn.ledger, agent.id);
  const failure = { agent_id: { value: agent.id }, executor_id: { value: executorId }, status };
  tell(turn, framework, { type: 'FAILURE', failure });
}

/** An agent is there, for the first time or again; its books replace the master's. */
function register(turn: Turn, link: number, message: Register): void {
  const { ledger } = turn;
  const id = message.agent.id ?? `${ledger.masterId}-S${ledger.nextAgent++}`;
  if (ledger.gone.has(id)) {
    turn.say({ kind: 'agent', agent: link, message: { kind: 'shutdown' } });
    return;
  }
  const before = ledger.agents.get(id);
  // Its former life, and whoever spoke on this link, are over even if nobody noticed.
  for (const other of [ledger.links.get(link), before]) if (other?.link !== undefined) agentAway(turn, other);
  const wasUnreachable = ledger.unreachable.delete(id);
  ledger.recovering.delete(id);
  const agent: Agent = {
    id,
    registeredAt: turn.now,
    tasks: new Set(),
    offers: new Set(),
    operations: [],
    deactivated: false,
    ...before,
    info: { ...message.agent, id },
    total: bagOf(message.checkpointed.map(bare)),
    executors: [],
  };
  if (before) ledger.away.delete(before);
  ledger.agents.set(id, agent);
  connect(ledger, agent, link);
  if (!ledger.admitted.has(id)) {
    ledger.admitted.add(id);
    save(turn);
  }
  order(turn, agent, { kind: 'registered', agentId: id });

  for (const info of message.frameworks) {
    const frameworkId = info.id?.value;
    if (frameworkId === undefined || ledger.frameworks.has(frameworkId)) continue;
    if (ledger.removedFrameworks.has(frameworkId)) order(turn, agent, { kind: 'shutdown-framework', frameworkId });
    else ledger.frameworks.set(frameworkId, newFramework(frameworkId, info, turn.now));
  }
  // With a real master the agent itself tells of what it does not know, after the offers (traces 19, 23).
  const dropped: MasterOutput[] = [];
  const afterOffers = { ...turn, say: (output: MasterOutput) => dropped.push(output) };
  dropLostTasks(afterOffers, agent, message.tasks);
  for (const reported of message.tasks) takeIn(turn, agent, reported, wasUnreachable);
  settleOperations(afterOffers, agent, message);
  for (const task of agent.tasks) {
    const { frameworkId, info, kill } = task;
    if (kill) order(turn, agent, { kind: 'kill', frameworkId, taskId: info.task_id.value, ...kill });
  }
  // One that is back with what it had waits for the next batch (traces 14, 23).
  if (before && sameAmounts(before.total, agent.total)) stir(ledger, id);
  else makeOffers(turn, [agent]);
  for (const output of dropped) turn.say(output);
}

function sameAmounts(a: Bag, b: Bag): boolean {
  return contains(a, b) && contains(b, a);
}

/** Tasks that the master launched and the agent never got, because it died with the message (trace 23). */
function dropLostTasks(turn: Turn, agent: Agent, reported: readonly AgentTask[]): void {
  const known = new Set(reported.map((task) => `${task.frameworkId} ${task.info.task_id.value}`));
  for (const task of agent.tasks) {
    if (known.has(`${task.frameworkId} ${task.info.task_id.value}`)) continue;
    const framework = turn.ledger.frameworks.get(task.frameworkId)!;
    const wasOver = isTerminal(task.latest);
    task.latest = lostAs(framework, 'TASK_DROPPED');
    complete(turn.ledger, framework, task);
    if (wasOver) continue;
    const status = masterStatus(turn, {
      task_id: task.info.task_id,
      state: task.latest,
      message: 'Reconciliation: task unknown to the agent',
      reason: 'REASON_RECONCILIATION',
      agent_id: { value: agent.id },
    });
    tellStatus(turn, framework, status);
  }
}

function takeIn(turn: Turn, agent: Agent, reported: AgentTask, wasUnreachable: boolean): void {
  const framework = turn.ledger.frameworks.get(reported.frameworkId);
  if (!framework) return;
  const { info, executor, status } = reported;
  const taskId = info.task_id.value;
  const role = info.resources?.[0]?.allocation_info?.role ?? '*';
  const task: Task = framework.tasks.get(taskId) ?? {
    info,
    frameworkId: framework.id,
    agentId: agent.id,
    executorId: executor.executor_id.value,
    role,
    resources: bagOf(info.resources?.map(bare)),
    latest: status.state,
    statuses: [status],
  };
  setLatest(turn.ledger, task, status.state);
  addTask(framework, agent, task);
  framework.completed = framework.completed.filter((over) => over.info.task_id.value !== taskId);
  if (isTerminal(status.state)) return;
  takeInExecutor(agent, framework, reported, role);
  if (!wasUnreachable) return;
  const again = masterStatus(turn, {
    task_id: info.task_id,
    state: status.state,
    message: 'Unreachable agent re-reregistered',
    reason: 'REASON_AGENT_REREGISTERED',
    agent_id: { value: agent.id },
    executor_id: executor.executor_id,
    ...lastKnown(task),
  });
  tellStatus(turn, framework, again);
}

function takeInExecutor(agent: Agent, framework: Framework, { executor }: AgentTask, role: string): void {
  const resources = bagOf(executor.resources?.map(bare));
  const isKnown = agent.executors.some(
    (known) => known.frameworkId === framework.id && known.info.executor_id.value === executor.executor_id.value,
  );
  if (isKnown || resources.size === 0) return;
  agent.executors.push({ frameworkId: framework.id, info: executor, role, resources });
}

/** What the agent does not know of was lost with it, and the reservation in the books with it (traces 19, 23). */
function settleOperations(turn: Turn, agent: Agent, { operations }: Register): void {
  const { ledger } = turn;
  const isKnown = (frameworkId: string, id: string) =>
    operations.some((o) => o.frameworkId === frameworkId && o.status.operation_id?.value === id);
  const lost = agent.operations.filter((operation) => !isKnown(operation.frameworkId, operation.id));
  agent.operations = agent.operations.filter((operation) => !lost.includes(operation));
  for (const { frameworkId, id, state } of lost) {
    const framework = ledger.frameworks.get(frameworkId);
    if (state !== 'OPERATION_PENDING' || !framework) continue;
    const status = { operation_id: { value: id }, state: 'OPERATION_DROPPED' as const, agent_id: { value: agent.id } };
    tell(turn, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
  }
  // A master that was restarted learns of the others from the agent, before it is asked about them.
  const mine = new Set(agent.operations.map((operation) => `${operation.frameworkId} ${operation.id}`));
  for (const { frameworkId, status } of operations) {
    const id = status.operation_id?.value;
    if (id === undefined || mine.has(`${frameworkId} ${id}`)) continue;
    const uuid = status.uuid?.value;
    agent.operations.push({ frameworkId, id, state: status.state, ...(uuid ? { uuid } : {}) });
  }
}
