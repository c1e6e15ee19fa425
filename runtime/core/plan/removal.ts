/**
 * Pod instances on their way out: those that the target does not have (decommission), or all of them (uninstall). Promises that an
 * instance's tasks are down before its resources are given back, and its resources gone before it is forgotten.
 */
import type { PodSpec } from '../../spec/service.ts';
import { footprintIds } from '../offer/reserved.ts';
import { type Removal, type Service, type Session, type TaskRecord, targetOf } from '../state.ts';
import { hasCertificates } from '../tasks/launch/transport-encryption.ts';
import { type PodInstance, parsePodInstance, podInstanceName, taskName } from '../tasks/name.ts';
import { recordsByPod } from '../tasks/pods.ts';
import { isLive, labelOf, podOf, wasLaunched } from '../tasks/record.ts';
import type { PhaseDraft, PlanDraft } from './intent.ts';
import { type Step, type StepStatus, stepOn } from './plan.ts';

/** The pod instances that the target does not have, in the order in which they go (scheduler-behaviour 6.8). */
export function surplus(service: Service): string[] {
  const pods = targetOf(service).pods;
  const counts = new Map(pods.map((pod) => [pod.type, pod.count]));
  const found = new Map<string, PodInstance>();
  for (const record of service.tasks.values()) {
    const pod = podOf(record.info);
    if (pod && pod.index >= (counts.get(pod.type) ?? 0)) found.set(podInstanceName(pod.type, pod.index), pod);
  }
  const order = removalOrder(pods);
  return [...found].sort(([, a], [, b]) => order(a, b)).map(([name]) => name);
}

/** Unknown types first, by name; then known ones in reverse order of the file; inside a type the highest index first. */
export function removalOrder(pods: readonly PodSpec[]): (a: PodInstance, b: PodInstance) => number {
  const rank = (type: string) => pods.findIndex((pod) => pod.type === type);
  return (a, b) => {
    if (a.type === b.type) return b.index - a.index;
    const [ra, rb] = [rank(a.type), rank(b.type)];
    if (ra < 0 && rb < 0) return a.type < b.type ? -1 : 1;
    return ra < 0 ? -1 : rb < 0 ? 1 : rb - ra;
  };
}

/** Present only while something is to be removed, or was in this process. `leaving`: the instances that are surplus, in their order. */
export function decommissionPlan(
  service: Service,
  session: Session,
  leaving: readonly string[],
): PlanDraft | undefined {
  const names = new Set(leaving);
  const done = [...session.removals].filter(([name]) => !names.has(name));
  if (leaving.length === 0 && done.length === 0) return undefined;
  const byPod = recordsByPod(service);
  const phases = [
    ...done.map(([name, removal]) => removalPhase(service, name, removal, [])),
    ...leaving.map((name) => {
      const records = byPod.get(name) ?? [];
      return removalPhase(service, name, session.removals.get(name) ?? removalOf(name, records), records);
    }),
  ];
  return { name: 'decommission', strategy: 'serial', phases };
}

/** What there is to remove of a pod instance now. */
export function removalOf(instance: string, records: readonly TaskRecord[]): Removal {
  const ids = new Set(records.flatMap((record) => footprintIds(record.info)));
  const host = records.map((record) => labelOf(record.info, 'offer_hostname')).find((name) => name !== undefined);
  const prefix = `${instance}-`;
  const tasks = records
    .map(({ info }) => ({ name: info.name.slice(prefix.length), id: info.task_id.value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { tasks, resourceIds: [...ids], ...(host === undefined ? {} : { host }) };
}

/** `kill-data-4-node`, `unreserve-<resource id>`..., `erase-data-4-node`. */
function removalPhase(service: Service, name: string, removal: Removal, records: readonly TaskRecord[]): PhaseDraft {
  const pod = parsePodInstance(name);
  const isHeld = holding(service, records);
  const recordOf = (task: string) => service.tasks.get(taskName(pod.type, pod.index, task));
  const names = removal.tasks.map((task) => task.name);
  const kills = names.map((task) => removalStep(`kill-${name}-${task}`, pod, [task], killStatus(recordOf(task))));
  const dead = kills.every((kill) => kill.status === 'COMPLETE');
  const unreserves = removal.resourceIds.map((id) =>
    removalStep(`unreserve-${id}`, pod, names, !isHeld(id) ? 'COMPLETE' : dead ? 'PREPARED' : 'PENDING'),
  );
  const erases = names.map((task) =>
    removalStep(`erase-${name}-${task}`, pod, [task], recordOf(task) ? 'PENDING' : 'COMPLETE'),
  );
  return { name, strategy: 'serial', steps: [...kills, ...unreserves, ...erases] };
}

function removalStep(name: string, { type, index }: PodInstance, tasks: readonly string[], status: StepStatus): Step {
  const step = stepOn(type, index, name, tasks, status);
  return status === 'COMPLETE' ? step : { ...step, work: { kind: 'remove' } };
}

function killStatus(record: TaskRecord | undefined): StepStatus {
  if (!record || !wasLaunched(record)) return 'COMPLETE';
  if (!isLeaving(record)) return 'PENDING';
  return isLive(record) ? 'STARTED' : 'COMPLETE';
}

/** Its removal has begun: it is ended, and what it held is given back. */
export function isLeaving(record: TaskRecord): boolean {
  return record.override?.goal === 'DECOMMISSIONED' && record.override.status !== 'PENDING';
}

/** Whether a pod instance still holds a resource: in its records, or waiting to be given back. */
function holding(service: Service, records: readonly TaskRecord[]): (id: string) => boolean {
  const held = new Set(records.flatMap((record) => footprintIds(record.info)));
  return (id) => held.has(id) || service.abandoned.has(id);
}

/** The phase of an uninstall that removes certificates, and its step. */
export const TLS_CLEANUP = 'tls-cleanup';

/** The plan of an uninstall. It is named `deploy` because that is what the package manager watches (scheduler-behaviour 6.9). */
export function uninstallPlan(service: Service, session: Session): PlanDraft {
  const kills: Step[] = [];
  const byHost = new Map<string, Step[]>();
  const byPod = recordsByPod(service);
  for (const [name, removal] of session.removals) {
    const pod = parsePodInstance(name);
    const isHeld = holding(service, byPod.get(name) ?? []);
    for (const task of removal.tasks) {
      const status = killStatus(service.tasks.get(taskName(pod.type, pod.index, task.name)));
      kills.push(removalStep(`kill-task-${task.id}`, pod, [task.name], status));
    }
    const host = removal.host ?? 'UNKNOWN_AGENT';
    const names = removal.tasks.map((task) => task.name);
    const steps = removal.resourceIds.map((id) =>
      removalStep(`unreserve-${id}`, pod, names, isHeld(id) ? 'PREPARED' : 'COMPLETE'),
    );
    const others = byHost.get(host);
    if (others) others.push(...steps);
    else byHost.set(host, steps);
  }
  const phases: PhaseDraft[] = [
    { name: 'kill-tasks', strategy: 'parallel', steps: kills },
    ...[...byHost]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([host, steps]): PhaseDraft => ({ name: `unreserve-resources-${host}`, strategy: 'parallel', steps })),
  ];
  const gone = service.uninstall === 'done';
  if ([...service.configs.values()].some(hasCertificates)) {
    const step = lastStep(TLS_CLEANUP, gone || session.tearingDown ? 'COMPLETE' : 'PENDING');
    phases.push({ name: TLS_CLEANUP, strategy: 'serial', steps: [step] });
  }
  const last = lastStep('deregister', gone ? 'COMPLETE' : session.tearingDown ? 'STARTED' : 'PENDING');
  const needs = phases.map((phase) => phase.name);
  return {
    name: 'deploy',
    strategy: 'dependency',
    phases: [...phases, { name: 'deregister-service', strategy: 'serial', steps: [last], needs }],
  };
}

/** A step that is of no pod. */
function lastStep(name: string, status: StepStatus): Step {
  return { name, status, interrupted: false, pod: '', podType: '', podIndex: 0, tasks: [], taskNames: [] };
}
