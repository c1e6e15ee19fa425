/** What became of the last offers, as the page lists it. Promises the counts since the process began and the newest evaluations. */
import type { Evaluation, Evaluations } from '../../core/offer/evaluation.ts';
import { needText } from '../bodies/waiting.ts';

export interface OffersDocument {
  readonly placed: number;
  /** One for each agent that refused a step. */
  readonly refused: number;
  /** How often a need was not met, most often first. */
  readonly needs: readonly { readonly need: string; readonly count: number }[];
  /** Newest first. */
  readonly newest: readonly EvaluationDocument[];
}

export interface EvaluationDocument {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly plan: string;
  readonly step: string;
  /** The agent that it was placed on; absent: none took it. */
  readonly agent?: string;
  /** What was missing. */
  readonly missing: readonly string[];
}

/** More than this nobody reads; `/v1/debug/offers` has more. */
const NEWEST = 20;
const NEEDS = 10;

export function offersDocument({ newest, placed, refused, byNeed }: Evaluations): OffersDocument {
  const needs = [...byNeed].map(([need, count]) => ({ need, count })).sort((a, b) => b.count - a.count);
  return { placed, refused, needs: needs.slice(0, NEEDS), newest: newest.slice(-NEWEST).reverse().map(evaluation) };
}

function evaluation({ at, plan, step, outcome }: Evaluation): EvaluationDocument {
  if (outcome.kind === 'placed') return { at, plan, step, agent: outcome.agent, missing: [] };
  return { at, plan, step, missing: outcome.why.needs.slice(0, NEEDS).map(needText) };
}
