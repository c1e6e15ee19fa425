/**
 * The scheduler API's calls: which are refused at the door, and who deals with the others. Promises one answer a call, always
 * before what the call causes; it must never let a call that aborts a real master do harm.
 */
import type { Call, CallType, OfferOperation } from '../kit/mesos-call.ts';
import { accept } from './accept.ts';
import { complete } from './bookkeeping.ts';
import { dropOfRoles } from './filter.ts';
import { type Framework, isTerminal, rolesOf } from './ledger.ts';
import type { MasterInput } from './master-port.ts';
import { decline, makeOffers } from './offering.ts';
import { isWhole, namedBy } from './operation.ts';
import { reconcile, reconcileOperations, reconcileTask } from './reconciliation.ts';
import { isNothing } from './resource-form.ts';
import { removeFramework, subscribe } from './subscription.ts';
import { order, type Turn } from './turn.ts';

interface Refusal {
  status: number;
  body: string;
}

export function onCall(turn: Turn, { connection, streamId, call }: Extract<MasterInput, { kind: 'call' }>): void {
  const refuse = ({ status, body }: Refusal) => turn.say({ kind: 'answer', connection, status, body });
  const mistake = callMistake(call);
  if (mistake !== undefined) {
    refuse({ status: 400, body: mistake });
    return;
  }
  if (call.type === 'SUBSCRIBE') {
    if (streamId === undefined) subscribe(turn, connection, call.subscribe);
    else refuse({ status: 400, body: "Subscribe calls should not include the 'Mesos-Stream-Id' header" });
    return;
  }
  const caller = callerOf(turn, call, streamId);
  if ('status' in caller) {
    refuse(caller);
    return;
  }
  turn.say({ kind: 'answer', connection, status: 202 });
  perform(turn, caller, call);
}

/** The subscribed framework behind a call, or why there is none (traces 13, 16, 17a). */
function callerOf(turn: Turn, call: Call, streamId: string | undefined): Framework | Refusal {
  const id = call.framework_id?.value;
  const framework = id === undefined ? undefined : turn.ledger.frameworks.get(id);
  if (!framework) return { status: 400, body: 'Framework cannot be found' };
  if (!framework.stream) return { status: 403, body: 'Framework is not subscribed' };
  if (streamId === undefined) {
    return { status: 400, body: "All non-subscribe calls should include the 'Mesos-Stream-Id' header" };
  }
  if (streamId !== framework.stream.id) {
    const body = `The stream ID '${streamId}' included in this request didn't match the stream ID currently associated with framework ID ${id}`;
    return { status: 400, body };
  }
  return framework;
}

/** The field that must be there for a call, if it has one. */
const BODY: Record<CallType, string | undefined> = {
  SUBSCRIBE: 'subscribe',
  TEARDOWN: undefined,
  ACCEPT: 'accept',
  DECLINE: 'decline',
  REVIVE: undefined,
  SUPPRESS: undefined,
  KILL: 'kill',
  ACKNOWLEDGE: 'acknowledge',
  ACKNOWLEDGE_OPERATION_STATUS: 'acknowledge_operation_status',
  RECONCILE: 'reconcile',
  RECONCILE_OPERATIONS: 'reconcile_operations',
};

function callMistake(call: Call): string | undefined {
  const invalid = (what: string) => `Failed to validate scheduler::Call: ${what}`;
  // A peer may send what our types do not know; `UNKNOWN` aborts a real master (trace 22).
  const type: string | undefined = call.type;
  if (type === undefined) return invalid("Expecting 'type' to be present");
  if (!Object.hasOwn(BODY, type)) return `Calls of type ${type} are not supported by this master`;
  const body = BODY[call.type];
  if (body !== undefined && !(body in call)) return invalid(`Expecting '${body}' to be present`);
  switch (call.type) {
    case 'SUBSCRIBE': {
      const missing = (['user', 'name'] as const).find((field) => call.subscribe.framework_info[field] === undefined);
      if (missing)
        return `Failed to convert JSON into Call protobuf: Missing required fields: subscribe.framework_info.${missing}`;
      return call.subscribe.framework_info.id?.value === call.framework_id?.value
        ? undefined
        : invalid("'framework_id' differs from 'subscribe.framework_info.id'");
    }
    case 'ACKNOWLEDGE':
      if (!isUuid(call.acknowledge.uuid)) return invalid('Not a valid UUID');
      break;
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      if (!isUuid(call.acknowledge_operation_status.uuid)) return invalid('Not a valid UUID');
      break;
    case 'ACCEPT': {
      const fatal = call.accept.operations
        ?.filter(isWhole)
        .map(fatalMistake)
        .find((found) => found !== undefined);
      if (fatal) return invalid(fatal);
      break;
    }
  }
  return call.framework_id ? undefined : invalid("Expecting 'framework_id' to be present");
}

/** 16 bytes in base64. */
function isUuid(base64: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(base64) && Buffer.from(base64, 'base64').length === 16;
}

/** What makes a real master abort (trace 22): refused with a reason instead. */
function fatalMistake(operation: OfferOperation): string | undefined {
  switch (operation.type) {
    case 'RESERVE':
    case 'UNRESERVE':
    case 'CREATE':
    case 'DESTROY':
      return namedBy(operation).some(isNothing)
        ? `${operation.type} of an empty resource aborts a real master`
        : undefined;
    case 'LAUNCH_GROUP': {
      const ids = operation.launch_group.task_group.tasks.map((task) => task.task_id.value);
      const twice = ids.find((id, index) => ids.indexOf(id) !== index);
      return twice === undefined ? undefined : `Task '${twice}' twice in one task group aborts a real master`;
    }
    default:
      return undefined;
  }
}

function perform(turn: Turn, framework: Framework, call: Exclude<Call, { type: 'SUBSCRIBE' }>): void {
  switch (call.type) {
    case 'TEARDOWN':
      removeFramework(turn, framework);
      break;
    case 'ACCEPT':
      accept(turn, framework, call.accept);
      break;
    case 'DECLINE': {
      const ids = call.decline.offer_ids.map((id) => id.value);
      decline(turn, framework, ids, call.decline.filters);
      break;
    }
    case 'REVIVE':
      revive(turn, framework, call.revive?.roles ?? []);
      break;
    case 'SUPPRESS':
      for (const role of ownRoles(framework, call.suppress?.roles ?? [])) framework.suppressed.add(role);
      break;
    case 'KILL':
      kill(turn, framework, call.kill);
      break;
    case 'ACKNOWLEDGE':
      acknowledge(turn, framework, call.acknowledge);
      break;
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      acknowledgeOperation(turn, framework, call.acknowledge_operation_status);
      break;
    case 'RECONCILE':
      reconcile(turn, framework, call.reconcile.tasks);
      break;
    case 'RECONCILE_OPERATIONS':
      reconcileOperations(turn, framework, call.reconcile_operations.operations);
      break;
  }
}

/** The named roles that the framework has; all of them when none is named (trace 11). */
function ownRoles(framework: Framework, named: readonly string[]): string[] {
  const roles = rolesOf(framework.info);
  return named.length === 0 ? roles : roles.filter((role) => named.includes(role));
}

function revive(turn: Turn, framework: Framework, named: readonly string[]): void {
  const roles = ownRoles(framework, named);
  if (roles.length === 0) return;
  for (const role of roles) framework.suppressed.delete(role);
  dropOfRoles(framework.filters, roles);
  makeOffers(turn, [...turn.ledger.agents.values()]);
}

/** With the id of another agent nothing happens at all (trace 05). */
function kill(turn: Turn, framework: Framework, call: Extract<Call, { type: 'KILL' }>['kill']): void {
  const task = framework.tasks.get(call.task_id.value);
  if (!task) {
    reconcileTask(turn, framework, call);
    return;
  }
  if (call.agent_id && call.agent_id.value !== task.agentId) return;
  task.kill = call.kill_policy ? { killPolicy: call.kill_policy } : {};
  const agent = turn.ledger.agents.get(task.agentId);
  if (!agent) return;
  const { frameworkId } = task;
  order(turn, agent, { kind: 'kill', frameworkId, taskId: call.task_id.value, ...task.kill });
}

/** The agent decides whether the uuid is the one it waits for; a wrong one changes nothing (trace 07). */
function acknowledge(turn: Turn, framework: Framework, call: Extract<Call, { type: 'ACKNOWLEDGE' }>['acknowledge']) {
  const { uuid } = call;
  const taskId = call.task_id.value;
  const agent = turn.ledger.agents.get(call.agent_id.value);
  if (!agent) return;
  order(turn, agent, { kind: 'acknowledge', frameworkId: framework.id, taskId, uuid });
  const task = framework.tasks.get(taskId);
  if (task?.agentId !== agent.id || task.pending?.uuid !== uuid) return;
  const { state } = task.pending;
  delete task.pending;
  if (isTerminal(state)) complete(turn.ledger, framework, task);
}

function acknowledgeOperation(
  turn: Turn,
  framework: Framework,
  call: Extract<Call, { type: 'ACKNOWLEDGE_OPERATION_STATUS' }>['acknowledge_operation_status'],
): void {
  const { agents } = turn.ledger;
  const { agent_id, operation_id, uuid } = call;
  const named = agent_id && agents.get(agent_id.value);
  const places = agent_id ? (named ? [named] : []) : [...agents.values()];
  for (const agent of places) {
    const known = agent.operations.find(
      (told) => told.frameworkId === framework.id && told.id === operation_id.value && told.uuid === uuid,
    );
    if (!known) continue;
    agent.operations = agent.operations.filter((operation) => operation !== known);
    order(turn, agent, {
      kind: 'acknowledge-operation',
      frameworkId: framework.id,
      operationId: operation_id.value,
      uuid,
    });
    return;
  }
}
