/**
 * What an agent offers right now: all its offers together, split into what is free and what is reserved for us. Promises that a
 * resource is taken at most once and that what others reserved is never seen.
 */
import { assert } from '../../kit/assert.ts';
import type { Offer, Resource } from '../../kit/mesos.ts';
import { add, amountOf, type Bag, bagOf, contains, isAtomic, subtract } from '../../kit/resources.ts';
import { isOurs, isReserved, resourceIdOf } from './reserved.ts';

export interface AgentPool {
  readonly agentId: string;
  readonly hostname: string;
  /** Never empty; task and executor resources of a pod often come apart (trace 03), so one ACCEPT names them all. */
  readonly offers: readonly Offer[];
  readonly executorIds: ReadonlySet<string>;
  /** Unreserved resources of role `*`. */
  readonly free: Bag;
  /** Our reservations by resource id. */
  readonly reserved: Map<string, Resource>;
}

/** One pool an agent, in the order in which the agents' first offers arrived. */
export function poolsOf(
  offers: Iterable<Offer>,
  roles: ReadonlySet<string>,
  frameworkId: string | undefined,
): Map<string, AgentPool> {
  const byAgent = new Map<string, Offer[]>();
  for (const offer of offers) {
    const held = byAgent.get(offer.agent_id.value);
    if (held) held.push(offer);
    else byAgent.set(offer.agent_id.value, [offer]);
  }
  const pools = new Map<string, AgentPool>();
  for (const [agentId, group] of byAgent) pools.set(agentId, poolOf(agentId, group, roles, frameworkId));
  return pools;
}

function poolOf(
  agentId: string,
  offers: Offer[],
  roles: ReadonlySet<string>,
  frameworkId: string | undefined,
): AgentPool {
  const first = offers[0];
  assert(first, 'a pool without an offer');
  const free = bagOf();
  const reserved = new Map<string, Resource>();
  for (const resource of offers.flatMap((offer) => offer.resources ?? [])) {
    const { allocation_info: _, ...plain } = resource;
    if (!isReserved(plain)) {
      if ((plain.role ?? '*') === '*' && !plain.revocable && !plain.shared && !plain.disk) add(free, [plain]);
    } else if (isOurs(plain, roles, frameworkId)) {
      const id = resourceIdOf(plain) as string;
      reserved.set(id, merged(reserved.get(id), plain));
    }
  }
  const executorIds = new Set(offers.flatMap((offer) => (offer.executor_ids ?? []).map((id) => id.value)));
  return { agentId, hostname: first.hostname, offers, executorIds, free, reserved };
}

/** Two parts of one reservation, offered apart: their sum. A volume is always whole. */
function merged(a: Resource | undefined, b: Resource): Resource {
  if (!a || isAtomic(a) || isAtomic(b)) return a?.disk?.persistence ? a : b;
  if (a.scalar && b.scalar) return { ...a, scalar: { value: a.scalar.value + b.scalar.value } };
  return { ...a, ranges: { range: [...(a.ranges?.range ?? []), ...(b.ranges?.range ?? [])] } };
}

/** A pool to try on: what is taken from the copy is not taken from the original. */
export function copyOf(pool: AgentPool): AgentPool {
  const free: Bag = new Map([...pool.free].map(([kind, entry]) => [kind, { ...entry }]));
  return { ...pool, free, reserved: new Map(pool.reserved) };
}

/** How much of a scalar is free, in thousandths. */
export function freeScalar(pool: AgentPool, name: string): number {
  for (const entry of pool.free.values()) {
    if (entry.sample.name === name && entry.amount.kind === 'scalar') return entry.amount.thousandths;
  }
  return 0;
}

/** The free ports, in the order of the offer's ranges. */
export function* freePorts(pool: AgentPool): Generator<number> {
  for (const entry of pool.free.values()) {
    if (entry.sample.name !== 'ports' || entry.amount.kind !== 'ranges') continue;
    for (const range of entry.amount.ranges) for (let port = range.begin; port <= range.end; port++) yield port;
  }
}

/** Takes an unreserved resource out of the pool, if it is there. */
export function takeFree(pool: AgentPool, resource: Resource): boolean {
  if (!contains(pool.free, [resource])) return false;
  subtract(pool.free, [resource]);
  return true;
}

/** The thousandths of a scalar resource. */
export function scalarOf(resource: Resource): number {
  const amount = amountOf(resource);
  return amount.kind === 'scalar' ? amount.thousandths : 0;
}
