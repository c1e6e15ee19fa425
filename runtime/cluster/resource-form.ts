/**
 * The one form in which master and agents keep a resource: reservations as a stack, no allocation. Promises the conversions
 * from what a scheduler may send and the mistakes that Mesos finds in it; it must never change an amount.
 */

import type { Resource } from '../kit/mesos.ts';
import { thousandths } from '../kit/resources.ts';
import { textOf } from './resource-text.ts';

/**
 * The resource as a stack of reservations and without allocation. The legacy format (`role`, `reservation`) is taken too, as
 * a real master does (trace 10, case 8).
 */
export function bare(resource: Resource): Resource {
  // As our own books have it, and most of what is sent: the same object keeps what was worked out about it.
  if (!('allocation_info' in resource || 'role' in resource || 'reservation' in resource)) return resource;
  const { allocation_info: _allocation, role, reservation, ...rest } = resource;
  if (rest.reservations?.length || role === undefined || role === '*') return rest;
  const type = reservation ? 'DYNAMIC' : 'STATIC';
  return { ...rest, reservations: [{ ...reservation, type, role }] };
}

/** The same resources as part of an offer or a task: Mesos always states the role they are allocated to (trace 02). */
export function allocated(resources: readonly Resource[], role: string): Resource[] {
  return resources.map((resource) => ({ ...resource, allocation_info: { role } }));
}

/** The role that may use a resource: of the reservation on top of the stack, or undefined when anyone may. */
export function reservedRole(resource: Resource): string | undefined {
  return resource.reservations?.at(-1)?.role;
}

/** Without the reservation on top of the stack. */
export function unreserved(resource: Resource): Resource {
  const { reservations = [], ...rest } = resource;
  const below = reservations.slice(0, -1);
  return below.length === 0 ? rest : { ...rest, reservations: below };
}

/** The disk that a persistent volume was made from. */
export function plainDisk(volume: Resource): Resource {
  const { disk, ...rest } = volume;
  return disk?.source ? { ...rest, disk: { source: disk.source } } : rest;
}

/** Why Mesos finds a resource malformed, in its words (traces 09, 10, 22), or undefined. */
export function formMistake(resource: Resource): string | undefined {
  const mistake = valueMistake(resource) ?? reservationMistake(resource);
  return mistake && `Resource '${textOf([bare(resource)])}' is invalid: ${mistake}`;
}

function valueMistake(resource: Resource): string | undefined {
  if (resource.type === 'SCALAR' && thousandths(resource.scalar?.value ?? 0) <= 0 && resource.scalar?.value !== 0) {
    return 'Invalid scalar resource: value <= 0';
  }
  if (resource.ranges?.range?.some((range) => range.begin > range.end)) {
    return 'Invalid ranges resource: begin > end';
  }
  return resource.type === 'TEXT' ? 'Unsupported resource type' : undefined;
}

function reservationMistake(resource: Resource): string | undefined {
  const stack = resource.reservations ?? [];
  if (stack.length > 0 && (resource.role === undefined) !== (resource.reservation === undefined)) {
    return "Invalid resource format: 'Resource.role' and 'Resource.reservation' must either be both set or both not set if the single reservation in 'Resource.reservations' is DYNAMIC";
  }
  for (const [depth, reservation] of stack.entries()) {
    if ((reservation.type ?? 'UNKNOWN') === 'UNKNOWN') {
      return "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.";
    }
    if (!reservation.role) return "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.";
    if (reservation.role === '*') return 'Invalid reservation: role "*" cannot be reserved';
    const below = stack[depth - 1]?.role;
    if (below !== undefined && !reservation.role.startsWith(`${below}/`)) {
      return `Invalid refined reservation: role '${reservation.role}' is not a refinement of '${below}'`;
    }
  }
  return undefined;
}

/** The sum of all kinds of one scalar, in thousandths. */
export function scalarOf(resources: readonly Resource[], name: string): number {
  return resources
    .filter((resource) => resource.name === name)
    .reduce((sum, resource) => sum + thousandths(resource.scalar?.value ?? 0), 0);
}

/** A resource of nothing (0 cpus, no range): in an operation it aborts a real master (trace 22). */
export function isNothing(resource: Resource): boolean {
  switch (resource.type) {
    case 'SCALAR':
      return (resource.scalar?.value ?? 0) === 0;
    case 'RANGES':
      return (resource.ranges?.range ?? []).length === 0;
    case 'SET':
      return (resource.set?.item ?? []).length === 0;
    case 'TEXT':
      return false;
  }
}
