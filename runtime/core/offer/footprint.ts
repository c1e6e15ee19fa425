/**
 * Claims resources for one pod instance from one agent's pool: what the records already reserved is found again by its id, the
 * rest is reserved new. Promises that every claim is either met in full or leaves a reason, and lists the operations it takes.
 */
import type { NewId } from '../../kit/clock.ts';
import type { Resource } from '../../kit/mesos.ts';
import { add, bagOf, fromThousandths, normalRanges, resourcesOf } from '../../kit/resources.ts';
import type { VolumeSpec } from '../../spec/service.ts';
import type { Reason } from './match.ts';
import { type AgentPool, freePorts, freeScalar, scalarOf, takeFree } from './pool.ts';
import { type Owner, reservationOf, resourceIdOf } from './reserved.ts';

export interface Claims {
  readonly pool: AgentPool;
  readonly owner: Owner;
  readonly newId: NewId;
  readonly reasons: Reason[];
  /** Of an old footprint that makes room for the new one: destroyed and unreserved first. */
  readonly released: Resource[];
  /** To UNRESERVE: what a smaller need gives back. */
  readonly shrunk: Resource[];
  /** To RESERVE. */
  readonly reserves: Resource[];
  /** To CREATE, out of what `reserves` reserved. */
  readonly volumes: Resource[];
  /** Resource ids that exist only if `reserves` succeeds. */
  readonly freshIds: string[];
}

export function newClaims(pool: AgentPool, owner: Owner, newId: NewId): Claims {
  return { pool, owner, newId, reasons: [], released: [], shrunk: [], reserves: [], volumes: [], freshIds: [] };
}

/** Gives an old footprint's reservations on this agent back to the free pool; they are destroyed in the same ACCEPT. */
export function release(claims: Claims, ids: Iterable<string>): void {
  for (const id of ids) {
    const offered = claims.pool.reserved.get(id);
    if (!offered) continue;
    claims.pool.reserved.delete(id);
    claims.released.push(offered);
    add(claims.pool.free, [unreserved(offered)]);
  }
}

/** The resource as it is once its volume is destroyed and its reservation undone. */
function unreserved(resource: Resource): Resource {
  const { reservations: _r, disk: _d, ...plain } = resource;
  return plain;
}

/**
 * A scalar (cpus, mem, disk of the executor) of `wanted` thousandths. A stored reservation is found by its id and grown or
 * shrunk under the same id (trace 09); without one it is reserved new. Returns the resource to launch with.
 */
export function claimScalar(claims: Claims, name: string, wanted: number, stored: Resource | undefined): Resource {
  const id = stored && resourceIdOf(stored);
  if (!id) return reserveScalar(claims, name, wanted, freshId(claims));
  const offered = claims.pool.reserved.get(id);
  const whole = scalar(name, wanted, claims, id);
  if (!offered) {
    claims.reasons.push(missing(claims, `its reserved ${name}`, amount(wanted)));
    return whole;
  }
  claims.pool.reserved.delete(id);
  const had = scalarOf(offered);
  if (had < wanted) reserveScalar(claims, name, wanted - had, id);
  if (had > wanted) claims.shrunk.push({ ...offered, scalar: { value: fromThousandths(had - wanted) } });
  return { ...offered, scalar: { value: fromThousandths(wanted) } };
}

function reserveScalar(claims: Claims, name: string, wanted: number, id: string): Resource {
  const plain: Resource = { name, type: 'SCALAR', scalar: { value: fromThousandths(wanted) } };
  const had = freeScalar(claims.pool, name);
  if (!takeFree(claims.pool, plain)) {
    claims.reasons.push({ agent: claims.pool.hostname, need: name, wanted: amount(wanted), had: amount(had) });
  }
  const reserved = scalar(name, wanted, claims, id);
  claims.reserves.push(reserved);
  return reserved;
}

function scalar(name: string, wanted: number, claims: Claims, id: string): Resource {
  const reservations = reservationOf(claims.owner, id);
  return { name, type: 'SCALAR', scalar: { value: fromThousandths(wanted) }, reservations };
}

/**
 * One port: the fixed number, or for 0 the number it had before (`stored`), or the first free one that is not in `avoid`.
 */
export function claimPort(
  claims: Claims,
  name: string,
  fixed: number,
  stored: Resource | undefined,
  avoid: ReadonlySet<number>,
): { resource: Resource; number: number } {
  const id = stored && resourceIdOf(stored);
  const before = stored?.ranges?.range?.[0]?.begin;
  if (id && before !== undefined) {
    const offered = claims.pool.reserved.get(id);
    if (!offered) claims.reasons.push(missing(claims, `its reserved port ${name}`, String(before)));
    claims.pool.reserved.delete(id);
    return { resource: offered ?? stored, number: before };
  }
  const number = fixed || firstFree(claims.pool, avoid);
  const plain = portResource(number ?? 0);
  if (number === undefined || !takeFree(claims.pool, plain)) {
    claims.reasons.push({
      agent: claims.pool.hostname,
      need: `port ${name}`,
      wanted: fixed ? String(fixed) : 'any port',
      had: portsText(claims.pool),
    });
  }
  const resource = { ...plain, reservations: reservationOf(claims.owner, freshId(claims)) };
  claims.reserves.push(resource);
  return { resource, number: number ?? 0 };
}

function firstFree(pool: AgentPool, avoid: ReadonlySet<number>): number | undefined {
  for (const port of freePorts(pool)) if (!avoid.has(port)) return port;
  return undefined;
}

function portResource(number: number): Resource {
  return { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: number, end: number }] } };
}

function portsText(pool: AgentPool): string {
  const ranges = normalRanges(
    resourcesOf(pool.free).flatMap((r) => (r.name === 'ports' ? (r.ranges?.range ?? []) : [])),
  );
  return ranges.map((range) => `${range.begin}-${range.end}`).join(', ') || 'none';
}

/** A ROOT volume: the stored one as it is (its size never changes in place), or a new one cut from the free disk. */
export function claimVolume(claims: Claims, volume: VolumeSpec, stored: Resource | undefined): Resource {
  const id = stored && resourceIdOf(stored);
  if (id) {
    const offered = claims.pool.reserved.get(id);
    if (!offered?.disk?.persistence) claims.reasons.push(missing(claims, `its volume ${volume.containerPath}`, id));
    claims.pool.reserved.delete(id);
    return offered ?? stored;
  }
  const disk = reserveScalar(claims, 'disk', volume.sizeMb * 1000, freshId(claims));
  const created: Resource = {
    ...disk,
    disk: {
      persistence: { id: claims.newId(), principal: claims.owner.principal },
      volume: { container_path: volume.containerPath, mode: 'RW' },
    },
  };
  claims.volumes.push(created);
  return created;
}

function freshId(claims: Claims): string {
  const id = claims.newId();
  claims.freshIds.push(id);
  return id;
}

function missing(claims: Claims, need: string, wanted: string): Reason {
  return { agent: claims.pool.hostname, need, wanted, had: 'not offered' };
}

function amount(thousandths: number): string {
  return String(fromThousandths(thousandths));
}

/** All of these with equal kinds merged, for one operation. */
export function mergedResources(resources: readonly Resource[]): Resource[] {
  return resourcesOf(bagOf(resources));
}
