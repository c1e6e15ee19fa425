/**
 * What a frame has decided so far: writes, calls, replies and notes in the making. The functions here change the state and note
 * the write in one step, so that neither can be forgotten.
 */
import type { NewId } from '../kit/clock.ts';
import type { TaskInfo, TaskStatus } from '../kit/mesos.ts';
import type { Call } from '../kit/mesos-call.ts';
import type { Reply } from './command.ts';
import { type Note, sizeOf, type Write } from './effect.ts';
import type { Order } from './order.ts';
import type { PlanIntent } from './plan/intent.ts';
import type { Abandoned, OperationRecord, Override, Progress, Service, State, TaskRecord } from './state.ts';
import { isLiveState } from './tasks/record.ts';

export interface Draft {
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly newId: NewId;
  readonly writes: Write[];
  readonly calls: Call[];
  readonly orders: Order[];
  /** Ids of the orders that this frame cannot go on without. */
  readonly awaited: Set<string>;
  readonly replies: { id: number; reply: Reply }[];
  readonly notes: Note[];
  /** About how many bytes the writes take. */
  size: number;
  /** Earliest moment at which time alone changes something. */
  wakeAt: number;
}

export function newDraft(state: State, now: number, newId: NewId): Draft {
  return {
    state,
    now,
    newId,
    writes: [],
    calls: [],
    orders: [],
    awaited: new Set(),
    replies: [],
    notes: [],
    size: 0,
    wakeAt: Number.POSITIVE_INFINITY,
  };
}

/**
 * Enough is decided for one transaction: what is left waits for the next frame, which follows at once. ZooKeeper takes 1 MiB a
 * transaction; a decision is never cut in two, so there is room above for the last one.
 */
export function isFull(draft: Draft): boolean {
  if (draft.size < draft.state.settings.transactionBytes) return false;
  wake(draft, draft.now);
  return true;
}

export function write(draft: Draft, write: Write): void {
  draft.writes.push(write);
  draft.size += sizeOf(write);
}

export function wake(draft: Draft, at: number): void {
  draft.wakeAt = Math.min(draft.wakeAt, at);
}

export function note(draft: Draft, message: string, keys: Note['keys'], level: Note['level'] = 'info'): void {
  draft.notes.push({ level, message, keys });
}

/** The call with our framework id, at the end of what is said in this frame. */
export function say(draft: Draft, call: Call): void {
  const frameworkId = draft.state.frameworkId;
  draft.calls.push(frameworkId ? { framework_id: { value: frameworkId }, ...call } : call);
}

export function putInfo(draft: Draft, service: Service, task: string, info: TaskInfo): TaskRecord {
  write(draft, { kind: 'task-info', service: service.name, task, info });
  draft.state.session.landscape++;
  const known = service.tasks.get(task);
  if (known) {
    known.info = info;
    return known;
  }
  const record: TaskRecord = { info, progress: {} };
  service.tasks.set(task, record);
  return record;
}

export function putStatus(draft: Draft, service: Service, record: TaskRecord, status: TaskStatus): void {
  write(draft, { kind: 'task-status', service: service.name, task: record.info.name, status });
  // What it used may be offered again, and its executor is gone.
  if (record.status && isLiveState(record.status.state) && !isLiveState(status.state)) draft.state.session.landscape++;
  record.status = status;
}

/** Changes some of a task's progress; a field set to undefined is forgotten. */
export function putProgress(draft: Draft, service: Service, record: TaskRecord, change: Progress): void {
  const progress = { ...record.progress, ...change };
  if (JSON.stringify(progress) === JSON.stringify(record.progress)) return;
  record.progress = progress;
  write(draft, { kind: 'progress', service: service.name, task: record.info.name, progress });
}

export function putOverride(draft: Draft, service: Service, record: TaskRecord, override: Override | undefined): void {
  if (record.override?.goal === override?.goal && record.override?.status === override?.status) return;
  if (override) record.override = override;
  else delete record.override;
  const task = record.info.name;
  write(draft, { kind: 'override', service: service.name, task, ...(override ? { override } : {}) });
}

/** Forgets a task and everything about it. */
export function dropTask(draft: Draft, service: Service, task: string): void {
  if (!service.tasks.delete(task)) return;
  write(draft, { kind: 'task-gone', service: service.name, task });
  draft.state.session.landscape++;
}

export function putIntent(draft: Draft, service: Service, plan: string, intent: PlanIntent): void {
  service.intents.set(plan, intent);
  write(draft, { kind: 'intent', service: service.name, plan, intent });
}

export function dropIntent(draft: Draft, service: Service, plan: string): void {
  if (service.intents.delete(plan)) write(draft, { kind: 'intent-gone', service: service.name, plan });
}

export function putProperty(draft: Draft, service: Service, key: string, value: string): void {
  if (service.properties.get(key) === value) return;
  service.properties.set(key, value);
  write(draft, { kind: 'property', service: service.name, key, value });
}

export function putOperation(draft: Draft, service: Service, id: string, operation: OperationRecord): void {
  service.operations.set(id, operation);
  write(draft, { kind: 'operation', service: service.name, id, operation });
}

export function dropOperation(draft: Draft, service: Service, id: string): void {
  if (service.operations.delete(id)) write(draft, { kind: 'operation-gone', service: service.name, id });
  draft.state.session.unconfirmedOperations.delete(id);
}

export function putAbandoned(draft: Draft, service: Service, resourceId: string, abandoned: Abandoned): void {
  service.abandoned.set(resourceId, abandoned);
  write(draft, { kind: 'abandoned', service: service.name, resourceId, abandoned });
}

export function dropAbandoned(draft: Draft, service: Service, resourceId: string): void {
  if (!service.abandoned.delete(resourceId)) return;
  write(draft, { kind: 'abandoned-gone', service: service.name, resourceId });
}
