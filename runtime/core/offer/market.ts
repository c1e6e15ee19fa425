/**
 * All that is on offer in one frame, and who was refused already. Promises that an agent that is too small for a pod is looked at
 * once a frame, however many instances wait: until something is given back, it only has less.
 */
import type { Offer } from '../../kit/mesos.ts';
import type { PodSpec } from '../../spec/service.ts';
import type { Needs } from './needs.ts';
import { type AgentPool, poolsOf } from './pool.ts';
import type { Reason } from './reason.ts';

export interface Market {
  /** What is left of the offers of each agent and role, by its key. */
  readonly pools: Map<string, AgentPool>;
  /** Of the pods that looked for a new place. */
  readonly searches: Map<PodSpec, Search>;
  /** The key of the pool that offers a reservation, by resource id; made when first asked for. */
  holders?: ReadonlyMap<string, string>;
}

/** What instances of one pod have found out about the agents. */
export interface Search {
  readonly needs: Needs;
  /** Keys of the pools that may do, the next one to try first. */
  readonly open: Set<string>;
  /** Why none did, as long as nothing has changed. */
  refused?: readonly Reason[];
}

export function marketOf(offers: Iterable<Offer>, roles: ReadonlySet<string>, frameworkId: string | undefined): Market {
  return { pools: poolsOf(offers, roles, frameworkId), searches: new Map() };
}

/** The pools whose resources are allocated to this role. */
export function poolsFor(market: Market, role: string): AgentPool[] {
  return [...market.pools.values()].filter((pool) => isFor(pool, role));
}

function isFor(pool: AgentPool, role: string): boolean {
  return pool.role === undefined || pool.role === role;
}

/** The search of a pod; its first instance starts it. Agents with GPUs come last for a pod that needs none. */
export function searchOf(market: Market, pod: PodSpec, role: string, needsOf: () => Needs): Search {
  const known = market.searches.get(pod);
  if (known) return known;
  const needs = needsOf();
  const pools = poolsFor(market, role);
  const first = needs.fresh.has('gpus') ? pools : pools.filter((pool) => !hasGpus(pool));
  const search = { needs, open: new Set([...first, ...pools].map(({ key }) => key)) };
  market.searches.set(pod, search);
  return search;
}

function hasGpus({ free }: AgentPool): boolean {
  for (const { scalars } of free.values()) if ((scalars.get('gpus') ?? 0) > 0) return true;
  return false;
}

/** The pools that offer one of these reservations, in this role: those of a role that a pod had before are of no use to it. */
export function holdersOf(market: Market, role: string, ids: readonly string[]): AgentPool[] {
  market.holders ??= new Map(
    [...market.pools.values()].flatMap(({ key, reserved }) => [...reserved.keys()].map((id) => [id, key])),
  );
  const { holders } = market;
  const keys = new Set(ids.flatMap((id) => holders.get(id) ?? []));
  return [...keys].flatMap((key) => market.pools.get(key) ?? []).filter((pool) => isFor(pool, role));
}

/** From now on there is only this left. `gained`: something was given back, so that those who were refused may ask again. */
export function settle(market: Market, left: AgentPool, gained: boolean): void {
  market.pools.set(left.key, left);
  if (gained) market.searches.clear();
  for (const search of market.searches.values()) delete search.refused;
}
