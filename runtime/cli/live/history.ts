/**
 * What the live view remembers between two looks: since when each step has been worked on, and why it waits. Promises to forget a
 * step when it is gone from the plans.
 */
import type { Status } from '../../core/plan/plan.ts';
import type { PlanLook, StepLook } from './look.ts';

export interface StepHistory {
  readonly look: StepLook;
  /** When work on it began and ended (milliseconds since the epoch); absent when that was before the first look. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What it lacked when offers were last looked at: between two offers there is nothing to say, and that is no news. */
  readonly why?: StepLook['why'];
}

export interface History {
  readonly plans: readonly PlanLook[];
  /** By `stepKey`. */
  readonly steps: ReadonlyMap<string, StepHistory>;
}

export const NO_HISTORY: History = { plans: [], steps: new Map() };

/** Something that a person would want to be told. */
export type Change =
  | { kind: 'plan'; plan: string; status: Status; errors: readonly string[] }
  | { kind: 'step'; plan: string; step: string; history: StepHistory };

export function stepKey(plan: string, phase: string, step: string): string {
  return JSON.stringify([plan, phase, step]);
}

/** The history with one more look, and what that look changed. */
export function advance(
  before: History,
  plans: readonly PlanLook[],
  now: number,
): { history: History; changes: Change[] } {
  const steps = new Map<string, StepHistory>();
  const changes: Change[] = [];
  for (const plan of plans) {
    for (const phase of plan.phases) {
      for (const look of phase.steps) {
        const key = stepKey(plan.name, phase.name, look.name);
        const old = before.steps.get(key);
        const history = advanceStep(old, look, now);
        steps.set(key, history);
        if (isNews(old, history)) changes.push({ kind: 'step', plan: plan.name, step: look.name, history });
      }
    }
    const old = before.plans.find((candidate) => candidate.name === plan.name);
    const { name, status, errors } = plan;
    // A plan that has nothing to do is not worth a word until it has.
    const known = old?.status ?? (plan.phases.length === 0 ? 'COMPLETE' : undefined);
    if (status !== known) changes.push({ kind: 'plan', plan: name, status, errors });
  }
  return { history: { plans, steps }, changes };
}

function advanceStep(old: StepHistory | undefined, look: StepLook, now: number): StepHistory {
  // Held is not worked on: the time of its work begins when it is let go.
  if (look.status === 'PENDING' || look.status === 'WAITING') return { look };
  if (look.status === 'COMPLETE') {
    // What was complete at the first look was done before our time.
    return old?.startedAt === undefined ? { look } : { look, startedAt: old.startedAt, endedAt: old.endedAt ?? now };
  }
  const goesOn = old?.startedAt !== undefined && old.endedAt === undefined;
  return { look, startedAt: goesOn ? old.startedAt : now, why: keptWhy(old, look) };
}

function keptWhy(old: StepHistory | undefined, look: StepLook): StepLook['why'] {
  const betweenOffers = look.status === 'PREPARED' && look.why?.need === undefined;
  return betweenOffers && old?.why?.need !== undefined ? old.why : look.why;
}

/** Another status, or another need that keeps it waiting. Amounts change with every offer and are no news. */
function isNews(old: StepHistory | undefined, { look, why }: StepHistory): boolean {
  if (!old) return look.status !== 'PENDING';
  return old.look.status !== look.status || old.why?.need !== why?.need;
}
