/**
 * The last evaluations of steps against offers, for operators (`/v1/debug/offers`), and how they went since the process began.
 * Promises a bounded memory: the newest evaluations, and counts by need and by agent.
 */
import type { Explanation } from './explanation.ts';

export interface Evaluation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly plan: string;
  readonly step: string;
  readonly outcome:
    | { readonly kind: 'placed'; readonly agent: string }
    | { readonly kind: 'refused'; readonly why: Explanation };
}

export interface Evaluations {
  /** Oldest first. */
  readonly newest: Evaluation[];
  placed: number;
  /** One for each agent that refused a step. */
  refused: number;
  /** How often a need was not met. */
  readonly byNeed: Map<string, number>;
  /** How often an agent refused, by host name. */
  readonly byAgent: Map<string, number>;
}

const NEWEST = 100;
/** Counted by name; those that would come after are not. */
const MOST_NAMES = 1000;

export function noEvaluations(): Evaluations {
  return { newest: [], placed: 0, refused: 0, byNeed: new Map(), byAgent: new Map() };
}

export function remember(evaluations: Evaluations, evaluation: Evaluation): void {
  const { newest, byNeed, byAgent } = evaluations;
  newest.push(evaluation);
  if (newest.length > NEWEST) newest.shift();
  const { outcome } = evaluation;
  if (outcome.kind === 'placed') {
    evaluations.placed++;
    return;
  }
  evaluations.refused += outcome.why.agents;
  for (const { need, agents } of outcome.why.needs) count(byNeed, need, agents);
  for (const agent of new Set(outcome.why.reasons.map((reason) => reason.agent))) count(byAgent, agent, 1);
}

function count(counts: Map<string, number>, name: string, more: number): void {
  if (counts.has(name) || counts.size < MOST_NAMES) counts.set(name, (counts.get(name) ?? 0) + more);
}
