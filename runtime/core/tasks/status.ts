/**
 * Folds a task status from Mesos into its record. Promises that it is acknowledged only in the frame that stores it, that a final
 * state is never overwritten, and that a task nobody knows is killed.
 */
import type { TaskStatus } from '../../kit/mesos.ts';
import { type Draft, dropAbandoned, note, putProgress, putStatus, say } from '../draft.ts';
import type { Service, State, TaskRecord } from '../state.ts';
import { parseTaskId, podInstanceName, sanitized } from './name.ts';
import { advanceOverride } from './override.ts';
import {
  configOf,
  definitionOf,
  isDown,
  isFinalState,
  isKnownState,
  isLiveState,
  podOf,
  reachesGoal,
} from './record.ts';

export function onStatus(draft: Draft, status: TaskStatus): void {
  const id = status.task_id.value;
  const { session } = draft.state;
  const found = recordOf(draft.state, id);
  if (!isKnownState(status.state))
    note(draft, 'task status of an unknown state', { taskId: id, state: status.state }, 'warn');
  else if (found) store(draft, found.service, found.record, status);
  else if (isLiveState(status.state)) session.strays.set(id, status.agent_id?.value);
  else session.strays.delete(id);
  session.unconfirmed.delete(id);
  if (status.uuid && status.agent_id) {
    const { task_id, agent_id, uuid } = status;
    say(draft, { type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }
}

/** The record whose newest launch has this id. A stale id of a known task has none. */
function recordOf(state: State, id: string): { service: Service; record: TaskRecord } | undefined {
  const parsed = parseTaskId(id);
  if (!parsed) return undefined;
  for (const service of state.services.values()) {
    if (parsed.service !== undefined && parsed.service !== sanitized(service.name)) continue;
    const record = service.tasks.get(parsed.task);
    if (record?.info.task_id.value === id) return { service, record };
  }
  return undefined;
}

function store(draft: Draft, service: Service, record: TaskRecord, status: TaskStatus): void {
  const before = record.status;
  // Late news of a task that certainly ended (a retry, a reordered reconciliation) changes nothing.
  if (before && before.task_id.value === status.task_id.value && isFinalState(before.state)) return;
  if (sameNews(before, status)) return;
  const { data: _, ...kept } = status;
  putStatus(draft, service, record, kept);
  if (before?.state !== status.state) {
    note(
      draft,
      'task status',
      {
        task: record.info.name,
        state: status.state,
        reason: status.reason,
        says: status.message,
        taskId: status.task_id.value,
        agentId: status.agent_id?.value,
      },
      isFinalState(status.state) && status.state !== 'TASK_FINISHED' ? 'warn' : 'info',
    );
  }
  follow(draft, service, record, status);
  const goal = definitionOf(service, record)?.task.goal;
  if (goal && reachesGoal(record.info, status, goal)) goalReached(draft, service, record);
}

/** What a new state means for the task's back-off, its time down, and its way into or out of a pause. */
function follow(draft: Draft, service: Service, record: TaskRecord, status: TaskStatus): void {
  const { backoff: settings } = draft.state.settings;
  const { backoff, downSince } = record.progress;
  if (isDown(record)) putProgress(draft, service, record, { downSince: downSince ?? draft.now });
  else putProgress(draft, service, record, { downSince: undefined });
  if (settings && isFailure(service, record, status)) {
    // Having run well beyond the longest delay, it begins anew: RUNNING alone proves nothing of a task that dies at once.
    const wellAgain = backoff === undefined || draft.now > backoff.until + settings.maxMs;
    const failures = wellAgain ? 1 : backoff.failures + 1;
    const delay = Math.min(settings.initialMs * settings.factor ** (failures - 1), settings.maxMs);
    putProgress(draft, service, record, { backoff: { failures, until: draft.now + delay } });
  }
  if (status.state === 'TASK_GONE_BY_OPERATOR') agentGone(draft, service, record);
  if (status.state === 'TASK_RUNNING') advanceOverride(draft, service, record, 'IN_PROGRESS', 'COMPLETE');
}

/** Nothing is waited for on an agent that is gone for good. */
function agentGone(draft: Draft, service: Service, record: TaskRecord): void {
  putProgress(draft, service, record, { backoff: undefined });
  const gone = record.info.agent_id.value;
  for (const [id, { agentId }] of service.abandoned) if (agentId === gone) dropAbandoned(draft, service, id);
}

/** A repeated status, or a reconciliation that tells what is stored already: nothing to write. */
function sameNews(before: TaskStatus | undefined, after: TaskStatus): boolean {
  if (!before || before.task_id.value !== after.task_id.value) return false;
  const essence = (status: TaskStatus) =>
    JSON.stringify([status.state, status.healthy, status.check_status, status.container_status?.network_infos]);
  return essence(before) === essence(after);
}

/** It ended by itself although it should run, or could not be started. */
function isFailure(service: Service, record: TaskRecord, status: TaskStatus): boolean {
  if (status.state === 'TASK_FAILED' || status.state === 'TASK_ERROR') return true;
  return status.state === 'TASK_FINISHED' && definitionOf(service, record)?.task.goal === 'RUNNING';
}

function goalReached(draft: Draft, service: Service, record: TaskRecord): void {
  const { recovering } = record.progress;
  const pod = podOf(record.info);
  if (recovering && pod) {
    const instance = podInstanceName(pod.type, pod.index);
    const name = record.info.name.slice(instance.length + 1);
    const others = draft.state.session.recovered.get(instance)?.tasks ?? [];
    const tasks = others.includes(name) ? others : [...others, name];
    draft.state.session.recovered.set(instance, { tasks, type: recovering });
  }
  const { run } = record.progress;
  putProgress(draft, service, record, {
    reached: configOf(record),
    recovering: undefined,
    ...(run && !run.done ? { run: { ...run, done: true } } : {}),
  });
}
