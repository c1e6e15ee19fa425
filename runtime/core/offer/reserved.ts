/**
 * Reservations in the field's format (scheduler-behaviour 4.11): how ours are made, and how they are known again in an offer.
 * Promises that a resource of another framework or role is never taken for ours.
 */
import type { ReservationInfo, Resource, TaskInfo } from '../../kit/mesos.ts';
import { reservationLabel } from '../../kit/resources.ts';
import type { PodSpec, ServiceSpec } from '../../spec/service.ts';

export interface Owner {
  /** The role that reserves. */
  readonly role: string;
  /** Whose static reservation is refined; absent: what is reserved was nobody's. */
  readonly refines?: string;
  readonly principal: string;
  readonly frameworkId: string;
}

export function ownerOf(spec: ServiceSpec, pod: PodSpec, frameworkId: string): Owner {
  const { principal } = spec;
  const role = roleOf(spec, pod);
  const refines = pod.preReservedRole;
  return refines === undefined ? { role, principal, frameworkId } : { role, refines, principal, frameworkId };
}

/** The role that a pod's offers are allocated to: `<pre-reserved role>/<service role>` refines a static one (trace 18). */
export function roleOf(spec: ServiceSpec, { preReservedRole }: PodSpec): string {
  return preReservedRole === undefined ? spec.role : `${preReservedRole}/${spec.role}`;
}

/** The reservation stack of one of our resources; each resource of a footprint has an id of its own. */
export function reservationOf(owner: Owner, resourceId: string): ReservationInfo[] {
  const ours: ReservationInfo = {
    type: 'DYNAMIC',
    role: owner.role,
    principal: owner.principal,
    labels: {
      labels: [
        { key: 'framework_id', value: owner.frameworkId },
        { key: 'resource_id', value: resourceId },
      ],
    },
  };
  return owner.refines === undefined ? [ours] : [{ type: 'STATIC', role: owner.refines }, ours];
}

export function resourceIdOf(resource: Resource): string | undefined {
  return reservationLabel(resource, 'resource_id');
}

/** All ids of these resources; those without one are skipped. */
export function resourceIdsOf(resources: readonly Resource[] = []): string[] {
  return resources.map(resourceIdOf).filter((id) => id !== undefined);
}

/** Every resource id that a record stands for, the executor's too. */
export function footprintIds(info: TaskInfo): string[] {
  return [...resourceIdsOf(info.resources), ...resourceIdsOf(info.executor?.resources)];
}

export function isReserved(resource: Resource): boolean {
  return (resource.reservations?.length ?? 0) > 0 || resource.reservation !== undefined;
}

/** Reserved by us: our role on top, a resource id, and no other framework's mark (scheduler-behaviour 3.2). */
export function isOurs(resource: Resource, roles: ReadonlySet<string>, frameworkId: string | undefined): boolean {
  const top = resource.reservations?.at(-1);
  if (top?.type !== 'DYNAMIC' || !top.role || !roles.has(top.role) || !resourceIdOf(resource)) return false;
  const owner = reservationLabel(resource, 'framework_id');
  return owner === undefined || owner === frameworkId;
}

/** What UNRESERVE takes after DESTROY: the reserved disk without its volume. A mounted disk stays one. */
export function withoutVolume(resource: Resource): Resource {
  if (!resource.disk) return resource;
  const { disk, ...plain } = resource;
  return disk.source ? { ...plain, disk: { source: disk.source } } : plain;
}

/** The resource as it is once its volume is destroyed and our reservation, the top of the stack, undone. */
export function unreserved(resource: Resource): Resource {
  const { reservations = [], ...plain } = withoutVolume(resource);
  const below = reservations.slice(0, -1);
  return below.length === 0 ? plain : { ...plain, reservations: below };
}
