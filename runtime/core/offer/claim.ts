/**
 * Turns a fit into the resources to launch with, and into what has to be reserved, created and given back for them. Promises that
 * a stored reservation grows and shrinks under its own id (trace 09), and that a volume that is there stays as it is.
 */
import type { NewId } from '../../kit/clock.ts';
import type { ReservationInfo, Resource } from '../../kit/mesos.ts';
import { fromThousandths } from '../../kit/resources.ts';
import { type Fit, offeredOf } from './fit.ts';
import type { Need, Needs } from './needs.ts';
import { type AgentPool, thousandthsOf } from './pool.ts';
import { type Owner, reservationOf } from './reserved.ts';

/** What a need has come to: a port of a virtual network is a number only, everything else a resource. */
export interface Grant {
  readonly resource?: Resource;
  /** Of a port. */
  readonly number?: number;
}

export interface Claims {
  readonly grants: ReadonlyMap<Need, Grant>;
  /** What made room, as offered: to DESTROY where it is a volume, and to UNRESERVE. */
  readonly freed: readonly Resource[];
  /** To UNRESERVE: what a smaller need gives back. */
  readonly shrunk: readonly Resource[];
  /** To RESERVE. */
  readonly reserves: readonly Resource[];
  /** To CREATE, out of what `reserves` reserved. */
  readonly volumes: readonly Resource[];
  /** Resource ids that exist only if `reserves` succeeds. */
  readonly freshIds: readonly string[];
}

export function claim(needs: Needs, pool: AgentPool, fit: Fit, owner: Owner, newId: NewId): Claims {
  const grants = new Map<Need, Grant>();
  const shrunk: Resource[] = [];
  const reserves: Resource[] = [];
  const volumes: Resource[] = [];
  const freshIds: string[] = [];

  const freshStack = (): ReservationInfo[] => {
    const id = newId();
    freshIds.push(id);
    return reservationOf(owner, id);
  };
  const reserve = (resource: Resource): Resource => {
    reserves.push(resource);
    return resource;
  };
  // The difference goes under the labels that the reservation has: only so the two merge.
  const resize = (held: Resource, wanted: number): Resource => {
    const had = thousandthsOf(held);
    if (wanted > had) reserves.push(withThousandths(held, wanted - had));
    if (wanted < had) shrunk.push(withThousandths(held, had - wanted));
    return withThousandths(held, wanted);
  };
  const create = (disk: Resource, containerPath: string): Resource => {
    const persistence = { id: newId(), principal: owner.principal };
    const volume = { container_path: containerPath, mode: 'RW' as const };
    // `disk.source` of a mounted disk is repeated exactly (trace 10, case 44).
    const created = { ...disk, disk: { ...disk.disk, persistence, volume } };
    volumes.push(created);
    return created;
  };
  const grant = (need: Need): Grant => {
    if (need.kind === 'virtual-port') return { number: need.number };
    const held = offeredOf(need, pool);
    switch (need.kind) {
      case 'scalar':
        return {
          resource: held ? resize(held, need.thousandths) : reserve(scalar(need.name, need.thousandths, freshStack())),
        };
      case 'port': {
        const number = fit.ports.get(need) ?? need.number;
        return { number, resource: held ?? reserve(port(number, freshStack())) };
      }
      case 'volume': {
        const { sizeMb, containerPath } = need.volume;
        if (held) return { resource: held };
        const whole = fit.disks.get(need);
        const reservations = freshStack();
        const disk = whole ? { ...whole, reservations } : scalar('disk', sizeMb * 1000, reservations);
        return { resource: create(reserve(disk), containerPath) };
      }
    }
  };
  for (const need of needs.all) grants.set(need, grant(need));
  return { grants, freed: fit.freed, shrunk, reserves, volumes, freshIds };
}

function withThousandths(resource: Resource, thousandths: number): Resource {
  return { ...resource, scalar: { value: fromThousandths(thousandths) } };
}

function scalar(name: string, thousandths: number, reservations: ReservationInfo[]): Resource {
  return { name, type: 'SCALAR', scalar: { value: fromThousandths(thousandths) }, reservations };
}

function port(number: number, reservations: ReservationInfo[]): Resource {
  return { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: number, end: number }] }, reservations };
}
