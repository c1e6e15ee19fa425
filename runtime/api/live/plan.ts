/** A plan as the page draws it. Promises names, statuses and what is waited for; commands go by these names. */
import type { Phase, Plan, Step } from '../../core/plan/plan.ts';
import type { Service, Session } from '../../core/state.ts';
import { pausedPods, shownStatus } from '../bodies/paused.ts';
import { whyWaiting } from '../bodies/waiting.ts';

export interface PlanDocument {
  readonly name: string;
  readonly status: string;
  readonly strategy: string;
  /** Held by an operator: nothing new is begun. */
  readonly interrupted: boolean;
  /** Why the newest configuration was refused. */
  readonly errors: readonly string[];
  readonly phases: readonly PhaseDocument[];
}

export interface PhaseDocument {
  readonly name: string;
  readonly status: string;
  readonly strategy: string;
  readonly interrupted: boolean;
  readonly steps: readonly StepDocument[];
}

export interface StepDocument {
  readonly name: string;
  /** As shown: `PAUSED` and `PAUSING` too. */
  readonly status: string;
  /** The pod instance it works on. */
  readonly pod: string;
  readonly recovery?: 'TRANSIENT' | 'PERMANENT';
  /** What it waits for, in one sentence. */
  readonly why?: string;
  /** DELAYED: when it is tried again, in milliseconds since the epoch. */
  readonly until?: number;
}

/** `now` in milliseconds since the epoch. */
export function planDocument(plan: Plan, service: Service, session: Session, now: number): PlanDocument {
  const { name, status, strategy, interrupted, errors } = plan;
  const paused = pausedPods(service);
  const step = (one: Step): StepDocument => {
    const waiting = whyWaiting(name, one, service, session, now);
    return {
      name: one.name,
      status: shownStatus(one, paused),
      pod: one.pod,
      ...(one.recovery ? { recovery: one.recovery } : {}),
      // A moment is counted down where it is read.
      ...(waiting?.until === undefined ? (waiting ? { why: waiting.text } : {}) : { until: waiting.until }),
    };
  };
  const phase = (one: Phase): PhaseDocument => ({
    name: one.name,
    status: one.status,
    strategy: one.strategy,
    interrupted: one.interrupted,
    steps: one.steps.map(step),
  });
  return { name, status, strategy, interrupted, errors, phases: plan.phases.map(phase) };
}
