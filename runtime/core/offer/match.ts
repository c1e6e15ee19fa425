/**
 * Matches one pod instance against what the agents offer. Promises operations and records that Mesos accepts together, or, agent
 * by agent, what was missing. Decides nothing about when a pod may be placed; that is the plans' business.
 */
import type { NewId } from '../../kit/clock.ts';
import type { TaskInfo } from '../../kit/mesos.ts';
import type { OfferOperation } from '../../kit/mesos-call.ts';
import type { PodSpec, ServiceSpec } from '../../spec/service.ts';
import type { PlanRun } from '../plan/intent.ts';
import type { OperationRecord, RecoveryType, Service, Settings, TaskRecord } from '../state.ts';
import { podInstanceName, taskName } from '../tasks/name.ts';
import { isLive, labelOf } from '../tasks/record.ts';
import { claim } from './claim.ts';
import { type Fit, fitOf, take } from './fit.ts';
import { infosOf } from './infos.ts';
import { holdersOf, type Market, poolsFor, type Search, searchOf, settle } from './market.ts';
import { freshNeeds, keptNeeds, type Needs, type Records } from './needs.ts';
import { launchGroup, operationsOf } from './operations.ts';
import { allows, refusal } from './placement.ts';
import type { PlacementView } from './placement-view.ts';
import type { AgentPool } from './pool.ts';
import { type Reason, reasonAt } from './reason.ts';
import { footprintIds, ownerOf, roleOf } from './reserved.ts';

export type { Reason } from './reason.ts';

/** What shall be launched, under which configuration. */
export interface Requirement {
  readonly pod: PodSpec;
  readonly index: number;
  /** Task spec names. */
  readonly tasks: readonly string[];
  readonly spec: ServiceSpec;
  readonly configId: string;
  readonly recovery?: RecoveryType;
  /** Of an on-demand plan. */
  readonly run?: PlanRun;
}

export interface Placement {
  /** What is left there. */
  readonly pool: AgentPool;
  /** In the order in which Mesos shall apply them. */
  readonly operations: readonly OfferOperation[];
  /** To remember each operation that carries an id. */
  readonly pending: readonly { id: string; operation: OperationRecord }[];
  /** New records' infos by task name; an empty task id means reserved for, not launched. */
  readonly infos: ReadonlyMap<string, TaskInfo>;
}

export type Match = { ok: true; placement: Placement } | { ok: false; reasons: readonly Reason[] };

export interface MatchContext {
  readonly settings: Settings;
  readonly frameworkId: string;
  readonly service: Service;
  /** Of this service, kept up with what was placed in this frame. */
  readonly placement: PlacementView;
  readonly newId: NewId;
}

/** A pod instance that looks for a place. */
export interface Candidate {
  readonly context: MatchContext;
  readonly requirement: Requirement;
  readonly market: Market;
  readonly records: Records;
  /** The records that stay true, for it stays where it is; none when it is built anew. */
  readonly kept: Records;
}

/**
 * Places the instance and takes what it gets out of the market. One with a footprint goes where that is; a new one to the first
 * agent that has everything. A replaced one looks for a new place first; only if there is none, its old footprint is given up in
 * the same ACCEPT to make room.
 */
export function match(requirement: Requirement, market: Market, context: MatchContext): Match {
  const records = recordsOf(context.service, requirement);
  const footprint = [...records.values()].flatMap(({ info }) => footprintIds(info));
  const stays = requirement.recovery !== 'PERMANENT' && footprint.length > 0;
  const candidate = { context, requirement, market, records, kept: stays ? records : NONE };
  if (stays) return inPlace(candidate, footprint);
  const found = anew(candidate);
  if (found.ok || footprint.length === 0) return found;
  return inOldPlace(candidate, footprint) ?? found;
}

const NONE: Records = new Map();

/** The stored records of a pod instance, by task spec name. */
function recordsOf(service: Service, { pod, index }: Requirement): Records {
  const records = new Map<string, TaskRecord>();
  for (const { name } of pod.tasks) {
    const record = service.tasks.get(taskName(pod.type, index, name));
    if (record) records.set(name, record);
  }
  return records;
}

/** Where the footprint is offered; while a task lives there, also where only new resources are. Rules are not asked again. */
function inPlace(candidate: Candidate, footprint: readonly string[]): Match {
  const { requirement, market, records, context } = candidate;
  const { pod, tasks, spec } = requirement;
  const needs = keptNeeds(pod, tasks, records, context.settings);
  const [known] = records.values();
  const home = known?.info.agent_id.value;
  const role = roleOf(spec, pod);
  const holders = holdersOf(market, role, footprint);
  const lives = holders.length === 0 && [...records.values()].some(isLive);
  const pools = lives ? poolsFor(market, role).filter(({ agentId }) => agentId === home) : holders;
  const reasons: Reason[] = [];
  for (const pool of pools) {
    const found = fitOf(needs, pool, reasons);
    if (found) return launch(candidate, needs, pool, found);
  }
  if (pools.length > 0 || market.pools.size === 0) return { ok: false, reasons };
  const hostname = (known && labelOf(known.info, 'offer_hostname')) ?? home ?? '';
  return { ok: false, reasons: [absence({ hostname }, needs, footprint)] };
}

/** Why an instance waits that was offered nothing of what it has. */
function absence(agent: { hostname: string }, { held, running }: Needs, footprint: readonly string[]): Reason {
  if (held.length === 0 && running) {
    return reasonAt(agent, 'its running executor', running.executor_id.value, 'not offered');
  }
  const wanted = held.length || new Set(footprint).size;
  return reasonAt(agent, 'its reservations', String(wanted), '0');
}

/** On a footprint of its own, where the rules allow it. */
function anew(candidate: Candidate): Match {
  const { requirement, market, context } = candidate;
  const { placement, settings } = context;
  const { pod, index, spec } = requirement;
  const search = searchOf(market, pod, roleOf(spec, pod), () => freshNeeds(pod, settings));
  for (const key of search.open) {
    const pool = market.pools.get(key);
    const found = pool && fitOf(search.needs, pool);
    if (!found) {
      search.open.delete(key);
      continue;
    }
    if (pod.placement && !allows(pod.placement, placement, pod.type, index, pool.offer)) continue;
    // By a rule the next instance is likely to go elsewhere.
    if (pod.placement) tryLast(search, key);
    return launch(candidate, search.needs, pool, found);
  }
  return { ok: false, reasons: whyNot(candidate, search) };
}

function tryLast({ open }: Search, key: string): void {
  open.delete(key);
  open.add(key);
}

/** What each agent lacks. Instances that were never placed lack the same, so they share one answer. */
function whyNot({ requirement, market, records, context }: Candidate, search: Search): readonly Reason[] {
  if (search.refused && records.size === 0) return search.refused;
  const { pod, index, spec } = requirement;
  const reasons: Reason[] = [];
  for (const pool of poolsFor(market, roleOf(spec, pod))) {
    const refused = pod.placement && refusal(pod.placement, context.placement, pod.type, index, pool.offer);
    if (refused) reasons.push(refused);
    fitOf(search.needs, pool, reasons);
  }
  if (records.size === 0) search.refused = reasons;
  return reasons;
}

/** Where its old footprint makes room for the new one. */
function inOldPlace(candidate: Candidate, footprint: readonly string[]): Match | undefined {
  const { requirement, market, context } = candidate;
  const { placement, settings } = context;
  const { pod, index, spec } = requirement;
  const needs = { ...freshNeeds(pod, settings), gives: [...new Set(footprint)] };
  for (const pool of holdersOf(market, roleOf(spec, pod), footprint)) {
    if (pod.placement && !allows(pod.placement, placement, pod.type, index, pool.offer)) continue;
    const found = fitOf(needs, pool);
    if (found) return launch(candidate, needs, pool, found);
  }
  return undefined;
}

function launch(candidate: Candidate, needs: Needs, pool: AgentPool, found: Fit): Match {
  const { requirement, market, context } = candidate;
  const { newId, frameworkId } = context;
  const { pod, index, spec } = requirement;
  const claims = claim(needs, pool, found, ownerOf(spec, pod, frameworkId), newId);
  const { executor, launched, stored } = infosOf(candidate, needs, claims, pool.offer);
  const { operations, pending } = operationsOf(claims, pool.agentId, podInstanceName(pod.type, index), newId);
  for (const info of launched) operations.push(launchGroup(executor, info));
  const left = take(needs, pool, found);
  settle(market, left, found.freed.length > 0 || claims.shrunk.length > 0);
  return { ok: true, placement: { pool: left, operations, pending, infos: stored } };
}
