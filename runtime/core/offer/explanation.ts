/**
 * Why a step has no place: what its evaluations against the offers found, kept small. Promises what is known of each agent last,
 * with the time, and counts over them; it does not grow with the number of agents.
 */
import type { Reason } from './match.ts';

export interface Explanation {
  /** When it was evaluated last, in milliseconds since the epoch. */
  readonly at: number;
  /** How many agents refused it; 0 when there was none to ask. */
  readonly agents: number;
  /** What was missing, most agents first. */
  readonly needs: readonly NeedCount[];
  /** Agent by agent. */
  readonly reasons: readonly DatedReason[];
}

export interface DatedReason extends Reason {
  /** When the agent was asked. */
  readonly at: number;
}

/** One need that agents did not meet. */
export interface NeedCount {
  readonly need: string;
  readonly wanted: string;
  readonly agents: number;
  /** The agent that came nearest, if amounts tell; else the first one. */
  readonly nearest: { readonly agent: string; readonly had: string };
}

/** So many reasons are kept one by one, for so long. */
const KEPT = 500;
const KEPT_MS = 600_000;

/** Nobody was asked: it waits for its old tasks to end, or for offers. */
export const unasked: Explanation = { at: 0, agents: 0, needs: [], reasons: [] };

/** What these refusals add to what is known: an agent that was not asked this time is known as it was. */
export function explained(refusals: readonly Reason[], at: number, before = unasked): Explanation {
  const { asked, alone } = foundBy(refusals, at);
  const older = before.reasons.filter((reason) => !asked.has(reason.agent) && reason.at > at - KEPT_MS);
  if (older.length === 0) return alone;
  return {
    at,
    agents: asked.size + new Set(older.map((reason) => reason.agent)).size,
    needs: counted(older, alone.needs),
    reasons: [...alone.reasons, ...older].slice(0, KEPT),
  };
}

/** The instances of a pod that find no place in a frame are refused by one list of reasons, which may be long: it is counted once. */
const found = new WeakMap<readonly Reason[], { asked: ReadonlySet<string>; alone: Explanation }>();

function foundBy(refusals: readonly Reason[], at: number): { asked: ReadonlySet<string>; alone: Explanation } {
  const known = found.get(refusals);
  if (known?.alone.at === at) return known;
  const asked = new Set(refusals.map((reason) => reason.agent));
  const reasons = refusals.slice(0, KEPT).map((reason) => ({ ...reason, at }));
  const made = { asked, alone: { at, agents: asked.size, needs: counted(refusals), reasons } };
  found.set(refusals, made);
  return made;
}

/** Counts by need, most agents first, added to these. */
function counted(reasons: readonly Reason[], before: readonly NeedCount[] = []): NeedCount[] {
  const byNeed = new Map(before.map((count) => [`${count.need} ${count.wanted}`, count]));
  for (const { agent, need, wanted, had } of reasons) {
    const key = `${need} ${wanted}`;
    const known = byNeed.get(key);
    const nearest = known && !(Number(had) > Number(known.nearest.had)) ? known.nearest : { agent, had };
    byNeed.set(key, { need, wanted, agents: (known?.agents ?? 0) + 1, nearest });
  }
  return [...byNeed.values()].sort((a, b) => b.agents - a.agents);
}
