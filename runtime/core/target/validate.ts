/**
 * Which configuration changes are refused (scheduler-behaviour 1.3, svc-yml 6.2). A refused change leaves the service on its old
 * target; nothing that was stored or runs is touched. Messages are in the field's two shapes.
 */
import type { PodSpec, ServiceSpec, VolumeSpec } from '../../spec/service.ts';
import { podInstanceName } from '../tasks/name.ts';

export interface Refusal {
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly message: string;
  /** The process must not even run the old target on. */
  readonly fatal: boolean;
}

/** `Field: 'user'; Transition: 'a' => 'b'; Message: '...'; Fatal: true` */
export function refusalText(refusal: Refusal): string {
  const { field, from, to, message, fatal } = refusal;
  return `Field: '${field}'; Transition: '${from}' => '${to}'; Message: '${message}'; Fatal: ${fatal}`;
}

/**
 * Everything about the step from one configuration to the next that must not happen; empty when it may. `instances`: the pod
 * instances that there are; one that never came to be holds nothing, so it may go.
 */
export function refusals(old: ServiceSpec, next: ServiceSpec, instances: ReadonlySet<string>): Refusal[] {
  return [
    ...userChange(old, next),
    ...roleChange(old, next),
    ...shrinking(old, next, instances),
    ...volumeChanges(old, next),
  ];
}

function userChange(old: ServiceSpec, next: ServiceSpec): Refusal[] {
  if (old.user === next.user) return [];
  const message = `The user of a running service cannot change: set scheduler.user back to ${old.user}.`;
  return [{ field: 'user', from: old.user, to: next.user, message, fatal: true }];
}

function roleChange(old: ServiceSpec, next: ServiceSpec): Refusal[] {
  if (old.role === next.role && old.principal === next.principal) return [];
  const message = 'Reservations are held under the old role and principal: set them back.';
  const text = (spec: ServiceSpec) => `${spec.role} of ${spec.principal}`;
  return [{ field: 'role', from: text(old), to: text(next), message, fatal: false }];
}

/** A pod type may go when it was marked so before; fewer instances may go when it is marked so now (scheduler-behaviour 1.3). */
function shrinking(old: ServiceSpec, next: ServiceSpec, instances: ReadonlySet<string>): Refusal[] {
  return old.pods.flatMap((before) => {
    const after = next.pods.find((pod) => pod.type === before.type);
    const allowed = after ? after.allowDecommission : before.allowDecommission;
    const kept = after?.count ?? 0;
    const going = Array.from({ length: Math.max(before.count - kept, 0) }, (_, at) =>
      podInstanceName(before.type, kept + at),
    );
    if (allowed || !going.some((instance) => instances.has(instance))) return [];
    return [
      {
        field: `PodSpec[name:${before.type}]`,
        from: String(before.count),
        to: after ? String(after.count) : 'null',
        message: after
          ? `PodSpec named '${before.type}' has ${after.count} tasks, expected >=${before.count} tasks; allow-decommission: true permits it`
          : `PodSpec named '${before.type}' is gone, expected >=${before.count} tasks; allow-decommission: true, deployed first, permits it`,
        fatal: false,
      },
    ];
  });
}

function volumeChanges(old: ServiceSpec, next: ServiceSpec): Refusal[] {
  return next.pods.flatMap((pod) => {
    const before = old.pods.find((candidate) => candidate.type === pod.type);
    return before ? [...volumeChangesOf(before, pod), ...lostVolumes(before, pod)] : [];
  });
}

/** A task that is gone or has another name leaves its volumes behind: nothing would ever use that data again. */
function lostVolumes(before: PodSpec, after: PodSpec): Refusal[] {
  return before.tasks
    .filter((task) => task.resourceSet.volumes.length > 0)
    .filter((task) => !after.tasks.some((candidate) => candidate.name === task.name))
    .map((task) => ({
      field: `TaskVolumes[taskname:${task.name}]`,
      from: volumesText(task.resourceSet.volumes),
      to: 'null',
      message: `Task '${task.name}' of pod '${before.type}' holds data and cannot go or be renamed: keep it, or remove the whole pod.`,
      fatal: false,
    }));
}

function volumeChangesOf(before: PodSpec, after: PodSpec): Refusal[] {
  return after.tasks.flatMap((task) => {
    const old = before.tasks.find((candidate) => candidate.name === task.name);
    if (!old) return [];
    const [from, to] = [volumesText(old.resourceSet.volumes), volumesText(task.resourceSet.volumes)];
    if (from === to) return [];
    return [{ field: `TaskVolumes[taskname:${task.name}]`, from, to, message: 'Volumes must be equal.', fatal: false }];
  });
}

function volumesText(volumes: readonly VolumeSpec[]): string {
  return volumes
    .map((volume) => `${volume.type} ${volume.containerPath} ${volume.sizeMb} MB`)
    .sort()
    .join(', ');
}
