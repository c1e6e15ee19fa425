/**
 * Reservations in the field's format (scheduler-behaviour 4.11): how ours are made, and how they are known again in an offer.
 * Promises that a resource of another framework or role is never taken for ours.
 */
import type { Resource } from '../../kit/mesos.ts';
import { reservationLabel } from '../../kit/resources.ts';
import { sortedLabels } from '../tasks/record.ts';

export interface Owner {
  readonly role: string;
  readonly principal: string;
  readonly frameworkId: string;
}

/** The reservation stack of one of our resources; each resource of a footprint has an id of its own. */
export function reservationOf(owner: Owner, resourceId: string): NonNullable<Resource['reservations']> {
  return [
    {
      type: 'DYNAMIC',
      role: owner.role,
      principal: owner.principal,
      labels: {
        labels: sortedLabels([
          { key: 'resource_id', value: resourceId },
          { key: 'framework_id', value: owner.frameworkId },
        ]),
      },
    },
  ];
}

export function resourceIdOf(resource: Resource): string | undefined {
  return reservationLabel(resource, 'resource_id');
}

/** All ids of these resources; those without one are skipped. */
export function resourceIdsOf(resources: readonly Resource[] = []): string[] {
  return resources.map(resourceIdOf).filter((id) => id !== undefined);
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
