/** What must stay as it is for a pod type. Promises that no instance goes, or loses its ports and reservations, by a mere change. */
import type { PodSpec, ServiceSpec } from '../../../spec/service.ts';
import { usesHostPorts } from '../../tasks/launch/network.ts';
import { podInstanceName } from '../../tasks/name.ts';
import { type Refusal, UNSET } from './refusal.ts';

/** A pod type may go when it was marked so before; fewer instances may go when it is marked so now (scheduler-behaviour 1.3). */
export function shrinking(old: ServiceSpec, next: ServiceSpec, instances: ReadonlySet<string>): Refusal[] {
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
        to: after ? String(after.count) : UNSET,
        message: after
          ? `PodSpec named '${before.type}' has ${after.count} tasks, expected >=${before.count} tasks; allow-decommission: true permits it`
          : `PodSpec named '${before.type}' is gone, expected >=${before.count} tasks; allow-decommission: true, deployed first, permits it`,
        fatal: false,
      },
    ];
  });
}

/** A port is a reservation of the agent on the one kind of network, and none on the other. */
export function networkChange(before: PodSpec, after: PodSpec): Refusal[] {
  if (usesHostPorts(before) === usesHostPorts(after)) return [];
  const message = `Pod '${after.type}' cannot move between networks with ports of the agent (the host's, mesos-bridge) and networks with ports of their own: set its networks back, or give it a new name.`;
  const [from, to] = [networksText(before), networksText(after)];
  return [{ field: `PodSpec[name:${after.type}]`, from, to, message, fatal: false }];
}

function networksText({ networks }: PodSpec): string {
  return networks.map(({ name }) => name).join(', ') || 'host';
}

/** What is reserved out of one role cannot be moved to another. */
export function preReservedRoleChange(before: PodSpec, after: PodSpec): Refusal[] {
  const [from, to] = [before.preReservedRole ?? ANY_ROLE, after.preReservedRole ?? ANY_ROLE];
  if (from === to) return [];
  const message = `Pod '${after.type}' holds reservations out of role ${from}: set pre-reserved-role back, or give it a new name.`;
  return [{ field: `PodSpec[pre-reserved-role:${from}]`, from, to, message, fatal: false }];
}

const ANY_ROLE = '*';
