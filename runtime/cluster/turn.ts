/**
 * One turn of the master: what its handlers share while they deal with one input. Promises the few ways in which the master
 * speaks; it must never decide what to say.
 */
import type { NewId } from '../kit/clock.ts';
import type { DomainInfo, TaskState, TaskStatus } from '../kit/mesos.ts';
import type { MesosEvent, OfferOperation } from '../kit/mesos-call.ts';
import { type Agent, type Framework, hasCapability, type Ledger, type Task } from './ledger.ts';
import type { MasterOutput } from './master-port.ts';
import type { MasterToAgent } from './message.ts';

/** The configuration with its defaults filled in. */
export interface Settings {
  host: string;
  port: number;
  allocationIntervalMs: number;
  heartbeatIntervalMs: number;
  agentTimeoutMs: number;
  newId: NewId;
  domain?: DomainInfo;
}

export interface Turn {
  readonly ledger: Ledger;
  readonly settings: Settings;
  readonly now: number;
  readonly say: (output: MasterOutput) => void;
}

/** Says an event to a framework; lost when it is not subscribed, as with a real master. */
export function tell(turn: Turn, framework: Framework, event: MesosEvent): void {
  if (framework.stream) turn.say({ kind: 'event', connection: framework.stream.connection, event });
}

/** Says something to an agent; lost when it is away. */
export function order(turn: Turn, agent: Agent, message: MasterToAgent): void {
  if (agent.link !== undefined) turn.say({ kind: 'agent', agent: agent.link, message });
}

/** To be called whenever the registry's part of the ledger changed. */
export function save(turn: Turn): void {
  const { admitted, gone, removedFrameworks, nextAgent, nextFramework } = turn.ledger;
  const registry = {
    agents: [...admitted],
    gone: [...gone],
    removedFrameworks: [...removedFrameworks],
    nextAgent,
    nextFramework,
  };
  turn.say({ kind: 'save', registry });
}

/** A status of the master's own: without uuid, said once, never acknowledged. */
export function masterStatus(turn: Turn, status: Omit<TaskStatus, 'source' | 'timestamp'>): TaskStatus {
  return { ...status, source: 'SOURCE_MASTER', timestamp: turn.now / 1000 };
}

export function tellStatus(turn: Turn, framework: Framework, status: TaskStatus): void {
  tell(turn, framework, { type: 'UPDATE', update: { status } });
}

/** What a framework hears of a task that is lost in some way: without PARTITION_AWARE all of it is TASK_LOST (trace 08). */
export function lostAs(framework: Framework, state: TaskState): TaskState {
  return hasCapability(framework, 'PARTITION_AWARE') ? state : 'TASK_LOST';
}

/** Health, check and container of a task as its last statuses told them. */
export function lastKnown(task: Task): Pick<TaskStatus, 'healthy' | 'check_status' | 'container_status'> {
  const last = task.statuses.at(-1);
  const container = task.statuses.findLast((status) => status.container_status)?.container_status;
  return {
    ...(last?.healthy !== undefined && { healthy: last.healthy }),
    ...(last?.check_status && { check_status: last.check_status }),
    ...(container && { container_status: container }),
  };
}

/** Refuses an operation: only a framework that gave it an id hears of it (trace 10). */
export function tellRefusal(turn: Turn, framework: Framework, operation: OfferOperation, message: string): void {
  if (!operation.id) return;
  tell(turn, framework, {
    type: 'UPDATE_OPERATION_STATUS',
    update_operation_status: { status: { operation_id: operation.id, state: 'OPERATION_ERROR', message } },
  });
}
