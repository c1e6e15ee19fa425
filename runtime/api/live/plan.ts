/** A plan as the page draws it. Promises names, statuses and what is waited for; commands go by these names. */
import type { Phase, Plan, Step } from '../../core/plan/plan.ts';
import type { Service, Session } from '../../core/state.ts';
import { podInstanceName } from '../../core/tasks/name.ts';
import { shownStatus } from '../bodies/paused.ts';
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
  const step = (one: Step) => stepDocument(plan, one, service, session, now);
  const phase = (one: Phase): PhaseDocument => ({
    name: one.name,
    status: one.status,
    strategy: one.strategy,
    interrupted: one.interrupted,
    steps: one.steps.map(step),
  });
  return { name, status, strategy, interrupted, errors, phases: plan.phases.map(phase) };
}

function stepDocument(plan: Plan, step: Step, service: Service, session: Session, now: number): StepDocument {
  const { name, podType, podIndex, recovery } = step;
  const waiting = whyWaiting(plan.name, step, service, session, now);
  return {
    name,
    status: shownStatus(step, service),
    pod: podInstanceName(podType, podIndex),
    ...(recovery ? { recovery } : {}),
    // A moment is counted down where it is read.
    ...(waiting?.until === undefined ? (waiting ? { why: waiting.text } : {}) : { until: waiting.until }),
  };
}
