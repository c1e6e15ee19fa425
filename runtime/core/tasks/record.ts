/**
 * What a task record means: is it alive, down, ready, has it reached its goal. Promises answers that follow from the record
 * alone, so that they are the same after a restart.
 */
import type { Label, TaskInfo, TaskState, TaskStatus } from '../../kit/mesos.ts';
import type { Goal, PodSpec, ServiceSpec, TaskSpec } from '../../spec/service.ts';
import type { Service, TaskRecord } from '../state.ts';
import { type PodInstance, taskName } from './name.ts';

/**
 * live: may be running, so nothing else may take its place. down: not running as far as anyone can tell, may come back.
 * final: certainly ended, no later status of this id counts (scheduler-behaviour 2.3, 11.10).
 */
const MEANING = {
  TASK_STAGING: 'live',
  TASK_STARTING: 'live',
  TASK_RUNNING: 'live',
  TASK_KILLING: 'live',
  TASK_FINISHED: 'final',
  TASK_FAILED: 'final',
  TASK_KILLED: 'final',
  TASK_ERROR: 'final',
  TASK_DROPPED: 'final',
  TASK_GONE: 'final',
  TASK_LOST: 'down',
  TASK_UNREACHABLE: 'down',
  TASK_GONE_BY_OPERATOR: 'down',
  TASK_UNKNOWN: 'down',
} as const satisfies Record<TaskState, 'live' | 'down' | 'final'>;

/** Whether we know what this state means; a newer Mesos may have others, which the wire leaves out. */
export function isKnownState(state: TaskState | undefined): state is TaskState {
  return state !== undefined && Object.hasOwn(MEANING, state);
}

export function isFinalState(state: TaskState): boolean {
  return MEANING[state] === 'final';
}

export function isLiveState(state: TaskState): boolean {
  return MEANING[state] === 'live';
}

/** Whether the task was ever launched (a footprint keeps records of tasks that were not). */
export function wasLaunched(record: TaskRecord): boolean {
  return record.info.task_id.value !== '';
}

/** Moved with its pod to a new place without being launched there yet: recovery brings it up, as it ran before. */
export function isMoved(record: TaskRecord): boolean {
  return !wasLaunched(record) && record.progress.recovering !== undefined;
}

/** Whether a process of this record may be running now. */
export function isLive(record: TaskRecord): boolean {
  return wasLaunched(record) && record.status !== undefined && isLiveState(record.status.state);
}

/** Launched once and not running now. */
export function isDown(record: TaskRecord): boolean {
  return wasLaunched(record) && !isLive(record);
}

/** A task with a check is ready once the check passed with exit code 0; one without is ready as soon as it runs. */
export function isReady(info: TaskInfo, status: TaskStatus): boolean {
  return info.check === undefined || status.check_status?.command?.exit_code === 0;
}

/** Whether this status means that the goal is reached (svc-yml 3.11). */
export function reachesGoal(info: TaskInfo, status: TaskStatus, goal: Goal): boolean {
  return goal === 'RUNNING'
    ? status.state === 'TASK_RUNNING' && isReady(info, status)
    : status.state === 'TASK_FINISHED';
}

/** Whether an agent was marked as gone for good, as the statuses of its tasks tell: nothing on it is held any more. */
export function isGone(service: Service, agentId: string): boolean {
  for (const { info, status } of service.tasks.values()) {
    if (info.agent_id.value !== agentId || status?.state !== 'TASK_GONE_BY_OPERATOR') continue;
    // A task that was moved without being launched yet keeps the status that it had elsewhere.
    if (status.task_id.value === info.task_id.value) return true;
  }
  return false;
}

export function labelOf(info: TaskInfo, key: string): string | undefined {
  return info.labels?.labels?.find((label) => label.key === key)?.value;
}

/** The same info with a label set, or removed when there is no value; labels stay sorted by key. */
export function withLabel(info: TaskInfo, key: string, value: string | undefined): TaskInfo {
  const others = (info.labels?.labels ?? []).filter((label) => label.key !== key);
  return { ...info, labels: { labels: sortedLabels(value === undefined ? others : [...others, { key, value }]) } };
}

export function sortedLabels(labels: readonly Label[]): Label[] {
  const isSorted = labels.every((label, at) => at === 0 || (labels[at - 1]?.key ?? '') <= label.key);
  if (isSorted) return [...labels];
  return [...labels].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

export function configOf(record: TaskRecord): string | undefined {
  return labelOf(record.info, 'target_configuration');
}

/** Given up by `pod replace`: its next launch is on a new footprint. The mark ends with the next TaskInfo. */
export function isPermanentlyFailed(record: TaskRecord): boolean {
  return labelOf(record.info, 'permanently-failed') === 'true';
}

/** `data` and 0 of a task of `data-0`; undefined when the labels cannot be read. */
export function podOf(info: TaskInfo): PodInstance | undefined {
  const known = pods.get(info);
  if (known !== undefined) return known ?? undefined;
  const type = labelOf(info, 'task_type');
  const index = Number(labelOf(info, 'index'));
  const pod = type && Number.isInteger(index) ? { type, index } : null;
  pods.set(info, pod);
  return pod ?? undefined;
}

/** An info is never changed in place, and every frame asks for the pods of all: its labels are read once. */
const pods = new WeakMap<TaskInfo, PodInstance | null>();

/** Whether the target has this task: its pod type, its index and its name. */
export function isWanted(service: Service, record: TaskRecord): boolean {
  const place = podOf(record.info);
  const target = service.configs.get(service.targetId)?.pods.find((candidate) => candidate.type === place?.type);
  if (!place || !target || place.index >= target.count) return false;
  return target.tasks.some((task) => taskName(target.type, place.index, task.name) === record.info.name);
}

/** The definition that a task was launched with: that of the configuration its label names. Undefined when that is gone. */
export function definitionOf(
  service: Service,
  record: TaskRecord,
): { spec: ServiceSpec; configId: string; pod: PodSpec; index: number; task: TaskSpec } | undefined {
  const place = podOf(record.info);
  const configId = configOf(record);
  const spec = configId === undefined ? undefined : service.configs.get(configId);
  const pod = spec?.pods.find((candidate) => candidate.type === place?.type);
  const task = pod?.tasks.find(
    (candidate) => taskName(pod.type, place?.index ?? -1, candidate.name) === record.info.name,
  );
  return place && configId !== undefined && spec && pod && task
    ? { spec, configId, pod, index: place.index, task }
    : undefined;
}
