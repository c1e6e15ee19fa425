/** Pod instances and their tasks as clients of the field read them (http-api 3). Promises what the task records say, no more. */
import type { Service, TaskRecord } from '../../core/state.ts';
import { podInstanceName } from '../../core/tasks/name.ts';
import { podOf } from '../../core/tasks/record.ts';
import type { View } from '../route.ts';
import { messageJson } from './message.ts';
import { overrideStatus } from './paused.ts';
import { secretsIn, shownInfo } from './secrets.ts';

/** Where tasks are listed whose labels cannot be read. */
const UNKNOWN = { type: 'UNKNOWN_POD', index: 0 };

export interface TaskBody {
  readonly id: string;
  readonly name: string;
  /** The Mesos state without `TASK_`, or what an override makes of the task; absent when Mesos never said a state. */
  readonly status?: string;
}

export interface PodBody {
  readonly name: string;
  readonly tasks: readonly TaskBody[];
}

export interface PodsBody {
  readonly service: string;
  /** Absent when nothing was ever launched. */
  readonly pods?: readonly { readonly name: string; readonly instances: readonly PodBody[] }[];
}

/** `["data-0", "data-1"]`, sorted as texts; tasks that cannot be told a pod come last, under names of their own. */
export function podNames(service: Service): string[] {
  const known = new Set<string>();
  const unknown: string[] = [];
  for (const record of service.tasks.values()) {
    const pod = podOf(record.info);
    if (pod) known.add(podInstanceName(pod.type, pod.index));
    else unknown.push(`UNKNOWN_POD_${record.info.name}`);
  }
  return [...[...known].sort(), ...unknown.sort()];
}

/** All instances, by pod type in name order, then by index. */
export function podsBody(service: Service): PodsBody {
  const types = new Map<string, Set<number>>();
  for (const record of service.tasks.values()) {
    const { type, index } = podOf(record.info) ?? UNKNOWN;
    types.set(type, (types.get(type) ?? new Set()).add(index));
  }
  if (types.size === 0) return { service: service.name };
  const pods = [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, indices]) => ({
      name,
      instances: [...indices].sort((a, b) => a - b).map((index) => instanceBody(service, podInstanceName(name, index))),
    }));
  return { service: service.name, pods };
}

/** One instance, or undefined when no record of it exists. */
export function podBody(service: Service, instance: string): PodBody | undefined {
  return recordsOf(service, instance).length === 0 ? undefined : instanceBody(service, instance);
}

/** TaskInfo, without its secrets, and newest TaskStatus of each task; undefined when no record of the instance exists. */
export function podInfo({ state, service }: Pick<View, 'state' | 'service'>, instance: string): unknown[] | undefined {
  const records = recordsOf(service, instance);
  if (records.length === 0) return undefined;
  const secrets = secretsIn(state, service);
  return records.map((record) => ({
    info: messageJson(shownInfo(record.info, secrets)),
    status: record.status ? messageJson(record.status) : null,
  }));
}

function instanceBody(service: Service, instance: string): PodBody {
  return { name: instance, tasks: recordsOf(service, instance).map(taskBody) };
}

/** One task, as it is shown. */
export function taskBody({ info, status, override }: TaskRecord): TaskBody {
  const task = { id: info.task_id.value, name: info.name };
  if (!status) return task;
  return { ...task, status: override ? overrideStatus(override) : status.state.slice('TASK_'.length) };
}

/** In task name order. */
function recordsOf(service: Service, instance: string): TaskRecord[] {
  return [...service.tasks.values()]
    .filter((record) => {
      const { type, index } = podOf(record.info) ?? UNKNOWN;
      return podInstanceName(type, index) === instance;
    })
    .sort((a, b) => (a.info.name < b.info.name ? -1 : 1));
}
