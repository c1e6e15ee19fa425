/**
 * A pod instance as the page lists it: where it runs, since when, on which configuration, and what data it holds. Promises every
 * instance that is recorded and every one that the target wants, launched or not.
 */
import type { Service, TaskRecord } from '../../core/state.ts';
import { podInstanceName } from '../../core/tasks/name.ts';
import { recordsByPod } from '../../core/tasks/pods.ts';
import { configOf, labelOf, podOf, wasLaunched } from '../../core/tasks/record.ts';
import type { PodSpec } from '../../spec/service.ts';
import { overrideStatus } from '../bodies/paused.ts';

export interface PodDocument {
  readonly name: string;
  readonly type: string;
  readonly index: number;
  /** The agent's host name; absent: it has no place. */
  readonly host?: string;
  readonly tasks: readonly TaskDocument[];
  /** What dies when the instance is replaced. */
  readonly volumes: readonly VolumeDocument[];
}

export interface TaskDocument {
  readonly name: string;
  /** Absent: never launched. */
  readonly id?: string;
  /** The Mesos state without `TASK_`, or what an override makes of the task; absent when Mesos never said one. */
  readonly status?: string;
  /** Since when Mesos says so, in milliseconds since the epoch. */
  readonly since?: number;
  /** What Mesos said with it: `Command exited with status 1`. */
  readonly message?: string;
  /** The configuration that it was launched with. */
  readonly configuration?: string;
}

export interface VolumeDocument {
  /** The task that has it, or the pod instance, for all its tasks. */
  readonly owner: string;
  readonly path: string;
  readonly sizeMb: number;
}

/** Every type that the target wants, in its order; then those that left it. */
export function podTypes(service: Service): string[] {
  const wanted = targetPods(service).map(({ type }) => type);
  const recorded = [...service.tasks.values()].flatMap(({ info }) => podOf(info)?.type ?? []);
  return [...new Set([...wanted, ...recorded.sort()])];
}

export function podDocuments(service: Service): PodDocument[] {
  const found = new Map<string, PodDocument>();
  for (const { type, count } of targetPods(service)) {
    for (let index = 0; index < count; index++) {
      const name = podInstanceName(type, index);
      found.set(name, { name, type, index, tasks: [], volumes: [] });
    }
  }
  for (const [name, records] of recordsByPod(service)) {
    const pod = records[0] && podOf(records[0].info);
    if (pod) found.set(name, podDocument(name, pod, records));
  }
  return [...found.values()];
}

/** None while the service is taken down. */
function targetPods({ configs, targetId, uninstall }: Service): readonly PodSpec[] {
  return uninstall ? [] : (configs.get(targetId)?.pods ?? []);
}

function podDocument(
  name: string,
  { type, index }: { type: string; index: number },
  records: readonly TaskRecord[],
): PodDocument {
  const sorted = [...records].sort((a, b) => (a.info.name < b.info.name ? -1 : 1));
  const host = sorted.map(({ info }) => labelOf(info, 'offer_hostname')).find((known) => known !== undefined);
  return {
    name,
    type,
    index,
    ...(host === undefined ? {} : { host }),
    tasks: sorted.map(taskDocument),
    volumes: volumeDocuments(name, sorted),
  };
}

function taskDocument(record: TaskRecord): TaskDocument {
  const { info, status, override } = record;
  const { name, task_id } = info;
  const configuration = configOf(record);
  if (!wasLaunched(record)) return { name };
  return {
    name,
    id: task_id.value,
    ...(status ? { status: override ? overrideStatus(override) : status.state.slice('TASK_'.length) } : {}),
    ...(status?.timestamp ? { since: Math.round(status.timestamp * 1000) } : {}),
    ...(status?.message ? { message: status.message } : {}),
    ...(configuration === undefined ? {} : { configuration }),
  };
}

/** Each volume once: those of tasks, and those that the tasks of the pod share, which each of them names in its executor. */
function volumeDocuments(pod: string, records: readonly TaskRecord[]): VolumeDocument[] {
  const found = new Map<string, VolumeDocument>();
  for (const { info } of records) {
    const own = (info.resources ?? []).map((resource) => ({ owner: info.name, resource }));
    const shared = (info.executor?.resources ?? []).map((resource) => ({ owner: pod, resource }));
    for (const { owner, resource } of [...own, ...shared]) {
      const { disk, scalar } = resource;
      if (!disk?.persistence) continue;
      const path = disk.volume?.container_path ?? '';
      found.set(disk.persistence.id, { owner, path, sizeMb: scalar?.value ?? 0 });
    }
  }
  return [...found.values()];
}
