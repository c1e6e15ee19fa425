/** Plans as clients of the field read them (http-api 2.3). Promises the shape of the field's bodies from a plan of ours. */
import { elementId } from '../../core/plan/element.ts';
import type { Phase, Plan, Step } from '../../core/plan/plan.ts';
import { plansOf } from '../../core/plan/plans.ts';
import type { View } from '../route.ts';
import { pausedPods, shownStatus } from './paused.ts';
import { whyWaiting } from './waiting.ts';

export function planCalled({ service, state, now }: View, name: string): Plan | undefined {
  return plansOf(service, state.session, now).find((plan) => plan.name === name);
}

/** 200 complete, 202 on its way, 417 in error. */
export function planCode(plan: Plan): 200 | 202 | 417 {
  if (plan.status === 'ERROR') return 417;
  return plan.status === 'COMPLETE' ? 200 : 202;
}

export interface PlanBody {
  readonly phases: readonly {
    readonly id: string;
    readonly name: string;
    readonly steps: readonly StepBody[];
    readonly strategy: string;
    readonly status: string;
  }[];
  readonly errors: readonly string[];
  readonly strategy: string;
  readonly status: string;
}

export interface StepBody {
  readonly id: string;
  readonly name: string;
  /** As shown: `PAUSED` and `PAUSING` too. */
  readonly status: string;
  /** For people; nothing may parse it. */
  readonly message: string;
}

export function planBody(plan: Plan, view: View): PlanBody {
  const paused = pausedPods(view.service);
  return {
    phases: plan.phases.map((phase) => ({
      id: elementId(view.service.name, plan.name, phase.name),
      name: phase.name,
      steps: phase.steps.map((step) => stepBody(plan, phase, step, paused, view)),
      strategy: phase.strategy,
      status: phase.status,
    })),
    errors: plan.errors,
    strategy: plan.strategy,
    status: plan.status,
  };
}

function stepBody(
  plan: Plan,
  phase: Phase,
  step: Step,
  paused: ReadonlySet<string>,
  { service, state, now }: View,
): StepBody {
  const { name, status: real, recovery } = step;
  const id = elementId(service.name, plan.name, phase.name, name);
  const status = shownStatus(step, paused);
  // The class names are those that the field's logs and dashboards have always shown.
  const kind = `com.mesosphere.sdk.scheduler.${recovery ? 'recovery.RecoveryStep' : 'plan.DeploymentStep'}`;
  const type = recovery ? ` RecoveryType: ${recovery}` : '';
  const display = status === real ? '' : ` (display:${status})`;
  const why = whyWaiting(plan.name, step, service, state.session, now);
  const reason = why ? ` (${why.text})` : '';
  return { id, name, status, message: `${kind}: ${name} [${id}] with status: ${real}${display}${type}${reason}` };
}
