/**
 * The records and messages of a launch: who gets which of the claimed resources. Promises an info for every task whose record
 * changes, launched or not, all under one executor.
 */
import type { ExecutorInfo, Offer, Resource, TaskInfo } from '../../kit/mesos.ts';
import type { TaskRecord } from '../state.ts';
import { type AssignedPort, executorInfo, type LaunchContext, taskInfo } from '../tasks/launch.ts';
import { executorId, taskId, taskName } from '../tasks/name.ts';
import { isLive } from '../tasks/record.ts';
import type { Claims } from './claim.ts';
import type { Candidate } from './match.ts';
import { type Need, type Needs, portNumber, tasksByName } from './needs.ts';
import { resourceIdOf } from './reserved.ts';

export interface Infos {
  readonly executor: ExecutorInfo;
  /** To launch under it. */
  readonly launched: readonly TaskInfo[];
  /** To record by task name, with the executor embedded. */
  readonly stored: ReadonlyMap<string, TaskInfo>;
}

export function infosOf(candidate: Candidate, needs: Needs, { grants }: Claims, offer: Offer): Infos {
  const { requirement, records, kept } = candidate;
  const { settings, frameworkId, newId } = candidate.context;
  const { pod, index, spec, configId, tasks, run } = requirement;
  const parameters = run ? { parameters: run.parameters } : {};
  const context: LaunchContext = { settings, frameworkId, spec, configId, pod, index, offer, ...parameters };
  const granted = (some: readonly Need[]) => some.flatMap((need) => grants.get(need)?.resource ?? []);
  const ports = portsOf(candidate, needs, grants);
  const allPorts = [...ports.values()].flat();
  const executor =
    needs.running ?? executorInfo(context, executorId(spec.name, pod.type, newId()), granted(needs.executor), allPorts);

  const claimed = new Set(needs.held);
  const launched: TaskInfo[] = [];
  const stored = new Map<string, TaskInfo>();
  for (const task of tasksByName(pod.tasks)) {
    const name = taskName(pod.type, index, task.name);
    const record = records.get(task.name);
    const set = needs.sets.get(task.resourceSet.id);
    if (!set) {
      if (record && !isLive(record)) stored.set(name, leftAlone(record, claimed, executor));
      continue;
    }
    // A task that made room for another was launched all the same: it comes back once that is done.
    const last = kept.get(task.name)?.info.task_id.value ?? '';
    const isLaunched = tasks.includes(task.name);
    const id = isLaunched ? taskId(spec.name, name, newId()) : last;
    const isPaused = record?.override?.goal === 'PAUSED';
    const own = ports.get(task.resourceSet.id) ?? [];
    const info = taskInfo(context, task, id, granted(set), own, isPaused);
    if (isLaunched) launched.push(info);
    stored.set(name, { ...info, executor });
  }
  return { executor, launched, stored };
}

/** The record of a task that this launch does not touch, without what another set of the pod has now. */
function leftAlone({ info }: TaskRecord, claimed: ReadonlySet<string>, executor: ExecutorInfo): TaskInfo {
  const isKept = (resource: Resource) => !claimed.has(resourceIdOf(resource) ?? '');
  const last = info.executor ? { executor_id: info.executor.executor_id } : {};
  const resources = info.resources ? { resources: info.resources.filter(isKept) } : {};
  return { ...info, ...resources, executor: { ...executor, ...last } };
}

/** The ports of the pod instance by resource set: as they are assigned now, or as they were. */
function portsOf(
  { requirement, kept }: Candidate,
  needs: Needs,
  grants: Claims['grants'],
): Map<string, AssignedPort[]> {
  const ports = new Map<string, AssignedPort[]>();
  for (const { name, resourceSet } of requirement.pod.tasks) {
    const set = needs.sets.get(resourceSet.id);
    const info = kept.get(name)?.info;
    if (!set && !info) continue;
    const assigned = resourceSet.ports.flatMap(({ port: _port, ranges: _ranges, ...port }, at): AssignedPort[] => {
      const need = set?.[at];
      const number = need ? grants.get(need)?.number : info && portNumber(info, port.name);
      return number === undefined ? [] : [{ ...port, number }];
    });
    ports.set(resourceSet.id, assigned);
  }
  return ports;
}
