/**
 * The task records of a service by pod instance. Promises the records of the moment; whoever works on many instances asks once
 * for all of them.
 */
import type { Service, TaskRecord } from '../state.ts';
import { podInstanceName } from './name.ts';
import { podOf } from './record.ts';

/** By pod instance, in the order of the records. One whose labels cannot be read belongs to none. */
export function recordsByPod(service: Service): Map<string, TaskRecord[]> {
  const byPod = new Map<string, TaskRecord[]>();
  for (const record of service.tasks.values()) {
    const pod = podOf(record.info);
    if (!pod) continue;
    const instance = podInstanceName(pod.type, pod.index);
    const known = byPod.get(instance);
    if (known) known.push(record);
    else byPod.set(instance, [record]);
  }
  return byPod;
}

/** Those of one instance. */
export function recordsOfPod(service: Service, type: string, index: number): TaskRecord[] {
  return [...service.tasks.values()].filter((record) => {
    const pod = podOf(record.info);
    return pod?.type === type && pod.index === index;
  });
}
