/**
 * Everything a frame may ask for. The order of the fields of `Effects` is the order of time: nothing is told to Mesos or to an
 * operator that a restart would not remember.
 */
import type { Call, TaskInfo, TaskStatus } from '../kit/mesos.ts';
import type { PlanSpecs, ServiceSpec } from '../spec/service.ts';
import type { Reply } from './command.ts';
import type { PlanIntent } from './plan/intent.ts';
import type { Abandoned, OperationRecord, Override, Progress } from './state.ts';

/** One durable fact. `store/layout.ts` knows its node and its bytes; `service` is the service's name. */
export type Write =
  | { kind: 'framework-id'; frameworkId: string }
  | { kind: 'config'; service: string; id: string; spec: ServiceSpec }
  | { kind: 'config-gone'; service: string; id: string }
  | { kind: 'target'; service: string; id: string }
  | { kind: 'task-info'; service: string; task: string; info: TaskInfo }
  | { kind: 'task-status'; service: string; task: string; status: TaskStatus }
  /** Everything about a task; it is forgotten. */
  | { kind: 'task-gone'; service: string; task: string }
  /** Without a value: back to normal. */
  | { kind: 'override'; service: string; task: string; override?: Override }
  | { kind: 'plans'; service: string; plans: PlanSpecs }
  | { kind: 'intent'; service: string; plan: string; intent: PlanIntent }
  | { kind: 'intent-gone'; service: string; plan: string }
  | { kind: 'progress'; service: string; task: string; progress: Progress }
  | { kind: 'operation'; service: string; id: string; operation: OperationRecord }
  | { kind: 'operation-gone'; service: string; id: string }
  | { kind: 'abandoned'; service: string; resourceId: string; abandoned: Abandoned }
  | { kind: 'abandoned-gone'; service: string; resourceId: string }
  /** Everything of the service, its framework id too. Only its name stays. */
  | { kind: 'wipe' }
  | { kind: 'property'; service: string; key: string; value: string };

/** A decision that an operator would ask about: constant message, consistent keys. */
export interface Note {
  level: 'info' | 'warn' | 'error';
  message: string;
  keys: Record<string, string | number | boolean | undefined>;
}

export interface Effects {
  /** Stored in one transaction. Nothing below happens unless this succeeded. */
  readonly writes: readonly Write[];
  /** Told to Mesos, in this order, once the writes are durable. */
  readonly calls: readonly Call[];
  /** Told to operators, last: what they read is already true after a restart. */
  readonly replies: readonly { id: number; reply: Reply }[];
  readonly notes: readonly Note[];
  /** When time alone would change something: run a frame then (milliseconds since the epoch). */
  readonly wakeAt?: number;
}
