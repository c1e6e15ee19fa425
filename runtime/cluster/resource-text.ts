/** Promises the text that Mesos writes for resources in its messages: `cpus(allocated: web):0.5; mem(allocated: web):64`. */
import type { DiskInfo, ReservationInfo, Resource } from '../kit/mesos.ts';
import { fromThousandths, thousandths } from '../kit/resources.ts';

/** All of them, in order; with the role that they are allocated to when that is known (traces 10, 19). */
export function textOf(resources: readonly Resource[], role?: string): string {
  return resources.map((resource) => oneText(resource, role)).join('; ');
}

function oneText(resource: Resource, role: string | undefined): string {
  const allocation = role === undefined ? '' : `(allocated: ${role})`;
  const stack = resource.reservations ?? [];
  const reservations = stack.length === 0 ? '' : `(reservations: [${stack.map(reservationText).join(',')}])`;
  return `${resource.name}${allocation}${reservations}${diskText(resource.disk)}:${valueText(resource)}`;
}

function reservationText(reservation: ReservationInfo): string {
  const labels = reservation.labels?.labels ?? [];
  const parts = [reservation.type ?? 'UNKNOWN', reservation.role ?? ''];
  if (reservation.principal !== undefined) parts.push(reservation.principal);
  if (labels.length > 0) parts.push(`{${labels.map((label) => `${label.key}: ${label.value ?? ''}`).join(', ')}}`);
  return `(${parts.join(',')})`;
}

function diskText(disk: DiskInfo | undefined): string {
  if (!disk) return '';
  const root = disk.source?.mount?.root ?? disk.source?.path?.root;
  const source = disk.source && (root === undefined ? disk.source.type : `${disk.source.type}:${root}`);
  const path = disk.volume === undefined ? '' : `:${disk.volume.container_path}`;
  const volume = disk.persistence && `${disk.persistence.id}${path}`;
  const parts = [source, volume].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `[${parts.join(',')}]`;
}

/** `0.5`, `[10000-10999]` or `{a, b}`: also how `/state` shows ranges and sets. */
export function valueText(resource: Pick<Resource, 'scalar' | 'ranges' | 'set'>): string {
  if (resource.ranges) return `[${(resource.ranges.range ?? []).map((r) => `${r.begin}-${r.end}`).join(', ')}]`;
  if (resource.set) return `{${(resource.set.item ?? []).join(', ')}}`;
  return String(fromThousandths(thousandths(resource.scalar?.value ?? 0)));
}
