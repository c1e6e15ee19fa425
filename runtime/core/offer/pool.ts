/**
 * What an agent offers to one of our roles right now: all its offers together, split into what is free and what is reserved for
 * us. Promises that a pool never changes (what is taken leaves another pool) and that what others reserved is never seen.
 */
import { assert } from '../../kit/assert.ts';
import type { Offer, Range, Resource } from '../../kit/mesos.ts';
import { normalRanges } from '../../kit/ranges.ts';
import { fromThousandths, isAtomic, thousandths } from '../../kit/resources.ts';
import { isOurs, isReserved, resourceIdOf } from './reserved.ts';

export interface AgentPool {
  /** Agent and role: what one ACCEPT can name, for Mesos refuses offers of two roles in one (trace 18). */
  readonly key: string;
  readonly agentId: string;
  readonly hostname: string;
  /** The role that all of it is allocated to; absent: the offers do not say. */
  readonly role?: string;
  /** Any of the offers: host name, attributes and domain are the agent's. */
  readonly offer: Offer;
  /** Task and executor resources of a pod often come apart (trace 03), so one ACCEPT names them all. */
  readonly offers: readonly Offer[];
  readonly executorIds: ReadonlySet<string>;
  /** By the role that an agent keeps it for (a static reservation); under `*` what is anyone's. */
  readonly free: ReadonlyMap<string, Free>;
  /** Our reservations by resource id. */
  readonly reserved: ReadonlyMap<string, Resource>;
}

/** Resources that nobody has reserved dynamically. */
export interface Free {
  /** Thousandths by name; `disk` is the root disk. */
  readonly scalars: ReadonlyMap<string, number>;
  /** In normal form. */
  readonly ports: readonly Range[];
  /** Mounted disks, each to be taken as a whole, the smallest first. */
  readonly disks: readonly Resource[];
}

export const NOTHING: Free = { scalars: new Map(), ports: [], disks: [] };

/** One pool an agent and role, by key, in the order in which the first offers arrived. */
export function poolsOf(
  offers: Iterable<Offer>,
  roles: ReadonlySet<string>,
  frameworkId: string | undefined,
): Map<string, AgentPool> {
  const groups = new Map<string, Offer[]>();
  for (const offer of offers) {
    const key = `${offer.agent_id.value} ${partsOf(offer).role ?? ''}`;
    const held = groups.get(key);
    if (held) held.push(offer);
    else groups.set(key, [offer]);
  }
  const pools = new Map<string, AgentPool>();
  for (const [key, group] of groups) pools.set(key, poolOf(key, group, roles, frameworkId));
  return pools;
}

function poolOf(
  key: string,
  offers: readonly Offer[],
  roles: ReadonlySet<string>,
  frameworkId: string | undefined,
): AgentPool {
  const [offer] = offers;
  assert(offer, 'a pool without an offer');
  const { role, executorIds, free, reserved: all } = offers.length === 1 ? partsOf(offer) : sorted(offers);
  const reserved = new Map<string, Resource>();
  for (const { id, resource } of all) {
    if (isOurs(resource, roles, frameworkId)) reserved.set(id, united(reserved.get(id), resource));
  }
  const { hostname, agent_id } = offer;
  const pool = { key, agentId: agent_id.value, hostname, offer, offers, executorIds, free, reserved };
  return role === undefined ? pool : { ...pool, role };
}

/** What offers hold, whoever asks. */
interface Parts {
  readonly role: string | undefined;
  readonly executorIds: ReadonlySet<string>;
  readonly free: ReadonlyMap<string, Free>;
  readonly reserved: readonly { readonly id: string; readonly resource: Resource }[];
}

/** An offer never changes and is looked at in many frames, so it is sorted once. */
const known = new WeakMap<Offer, Parts>();

function partsOf(offer: Offer): Parts {
  let parts = known.get(offer);
  if (!parts) {
    parts = sorted([offer]);
    known.set(offer, parts);
  }
  return parts;
}

function sorted(offers: readonly Offer[]): Parts {
  const resources = offers.flatMap((offer) => offer.resources ?? []);
  const role =
    offers[0]?.allocation_info?.role ?? resources.find((each) => each.allocation_info)?.allocation_info?.role;
  const bySection = new Map<string, Resource[]>();
  const reserved: { id: string; resource: Resource }[] = [];
  for (const resource of resources) {
    const id = isReserved(resource) ? resourceIdOf(resource) : undefined;
    if (id !== undefined) reserved.push({ id, resource: withoutAllocation(resource) });
    const section = sectionOf(resource);
    if (section === undefined) continue;
    const held = bySection.get(section);
    if (held) held.push(resource);
    else bySection.set(section, [resource]);
  }
  const free = new Map([...bySection].map(([section, each]) => [section, withResources(NOTHING, each)]));
  const executorIds = new Set(offers.flatMap((offer) => (offer.executor_ids ?? []).map((id) => id.value)));
  return { role, executorIds, free, reserved };
}

/** Whom an agent keeps a resource for: `*`, or the role of a static reservation. Undefined for what we never take. */
function sectionOf(resource: Resource): string | undefined {
  if (resource.revocable || resource.shared || resource.reservation || resource.disk?.persistence) return undefined;
  if (resource.disk && !isAtomic(resource)) return undefined;
  const top = resource.reservations?.at(-1);
  if (top) return top.type === 'STATIC' ? top.role : undefined;
  return (resource.role ?? '*') === '*' ? '*' : undefined;
}

/** What is free once these are free as well. */
export function withResources(free: Free, more: readonly Resource[]): Free {
  const scalars = new Map(free.scalars);
  const ports: Range[] = [...free.ports];
  const disks = [...free.disks];
  for (const resource of more) {
    const { name } = resource;
    if (resource.disk) disks.push(withoutAllocation(resource));
    else if (resource.type === 'SCALAR') scalars.set(name, (scalars.get(name) ?? 0) + thousandthsOf(resource));
    else if (name === 'ports') ports.push(...(resource.ranges?.range ?? []));
  }
  disks.sort((a, b) => thousandthsOf(a) - thousandthsOf(b) || (rootOf(a) < rootOf(b) ? -1 : 1));
  return { scalars, ports: normalRanges(ports), disks };
}

/** What is offered is allocated to us; what we ask for need not say so (trace 02). */
function withoutAllocation({ allocation_info: _, ...resource }: Resource): Resource {
  return resource;
}

/** Tells mounted disks of one size apart, whatever their order in the offer. */
function rootOf({ disk }: Resource): string {
  return disk?.source?.mount?.root ?? disk?.source?.id ?? '';
}

/** Two parts of one reservation, offered apart: their sum. A volume is always whole. */
function united(a: Resource | undefined, b: Resource): Resource {
  if (!a || isAtomic(a) || isAtomic(b)) return a?.disk?.persistence ? a : b;
  if (a.scalar && b.scalar) return { ...a, scalar: { value: fromThousandths(thousandthsOf(a) + thousandthsOf(b)) } };
  return { ...a, ranges: { range: normalRanges([...(a.ranges?.range ?? []), ...(b.ranges?.range ?? [])]) } };
}

/** The amount of a scalar resource. */
export function thousandthsOf(resource: Resource): number {
  return thousandths(resource.scalar?.value ?? 0);
}
