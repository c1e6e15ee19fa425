/**
 * Everything a frame may ask for. The order of the fields of `Effects` is the order of time: nothing is told to Mesos or to an
 * operator that a restart would not remember.
 */
import type { TaskInfo, TaskStatus } from '../kit/mesos.ts';
import type { Call } from '../kit/mesos-call.ts';
import type { EndpointTexts, PlanSpecs, ServiceSpec } from '../spec/service.ts';
import type { Reply } from './command.ts';
import type { Order } from './order.ts';
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
  | { kind: 'endpoints'; service: string; endpoints: EndpointTexts }
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

/** About as many bytes as a write takes in a store, without making them: a message of Mesos is kept without the names of its fields. */
export function sizeOf(write: Write): number {
  switch (write.kind) {
    case 'task-info':
      return NODE_BYTES + sizeOfValue(write.info, false);
    case 'task-status':
      return NODE_BYTES + sizeOfValue(write.status, false);
    default:
      return NODE_BYTES + sizeOfValue(write, true);
  }
}

/** A path, and what surrounds a write in a transaction. */
const NODE_BYTES = 150;

function sizeOfValue(value: unknown, named: boolean): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 2;
  if (Array.isArray(value)) for (const item of value) size += sizeOfValue(item, named);
  else
    for (const key in value) {
      size += (named ? key.length + 4 : 0) + sizeOfValue((value as Record<string, unknown>)[key], named);
    }
  return size;
}

/**
 * The writes of a start, which may be more than one transaction holds, in their order. What belongs to one task stays together, so
 * that a start which dies in between is made good by the next one.
 */
export function transactionsOf(writes: readonly Write[], bytes: number): Write[][] {
  const transactions: Write[][] = [];
  let size = Number.POSITIVE_INFINITY;
  let task: string | undefined;
  for (const write of writes) {
    const next = 'task' in write ? write.task : undefined;
    if (size >= bytes && (next === undefined || next !== task)) {
      transactions.push([]);
      size = 0;
    }
    transactions.at(-1)?.push(write);
    size += sizeOf(write);
    task = next;
  }
  return transactions;
}

/** A decision that an operator would ask about: constant message, consistent keys. */
export interface Note {
  level: 'info' | 'warn' | 'error';
  message: string;
  keys: Record<string, string | number | boolean | undefined>;
}

export interface Effects {
  /** How many of the events went in; the others come again, first, in the next frame. */
  readonly taken: number;
  /** Stored in one transaction. Nothing below happens unless this succeeded. */
  readonly writes: readonly Write[];
  /** Told to Mesos, in this order, once the writes are durable. */
  readonly calls: readonly Call[];
  /** Had made elsewhere; the end of each comes back as an event. */
  readonly orders: readonly Order[];
  /** Told to operators, last: what they read is already true after a restart. */
  readonly replies: readonly { id: number; reply: Reply }[];
  readonly notes: readonly Note[];
  /** When time alone would change something: run a frame then (milliseconds since the epoch). */
  readonly wakeAt?: number;
}
