/**
 * What an agent has after its machine was described anew. Promises that reservations and volumes stay as they are, or that the
 * change is refused in words; it must never give away what somebody holds.
 */
import type { Resource } from '../kit/mesos.ts';
import { add, bagOf, contains, resourcesOf, subtract } from '../kit/resources.ts';

/** An agent holds more than its machine has now. */
export class MachineTooSmall extends Error {
  override name = 'MachineTooSmall';
}

/**
 * What was checkpointed, grown by what the machine has more now; all of the machine when nobody holds anything.
 * Throws `MachineTooSmall` when it was bigger before, or other.
 */
export function resized(checkpointed: readonly Resource[], machine: readonly Resource[]): Resource[] {
  const before = bagOf(checkpointed.map(asDescribed));
  const more = bagOf(machine);
  if (contains(more, before)) {
    subtract(more, before);
    const total = bagOf(checkpointed);
    add(total, more);
    return resourcesOf(total);
  }
  if (checkpointed.some(isHeld)) throw new MachineTooSmall('it holds reservations or volumes of a bigger machine');
  return [...machine];
}

function isHeld(resource: Resource): boolean {
  return resource.disk?.persistence !== undefined || resource.reservations?.some((r) => r.type === 'DYNAMIC') === true;
}

/** Without what frameworks made of it: volumes and dynamic reservations. */
function asDescribed({ disk, reservations = [], ...rest }: Resource): Resource {
  const kept = reservations.filter((reservation) => reservation.type === 'STATIC');
  return {
    ...rest,
    ...(disk?.source && { disk: { source: disk.source } }),
    ...(kept.length > 0 && { reservations: kept }),
  };
}
