/** Plans as clients of the field read them (http-api 2.3). Promises the shape of the field's bodies from a plan of ours. */
import type { Plan, Step } from '../../core/plan/plan.ts';
import type { ElementIds } from '../ids.ts';

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
  readonly status: string;
  /** For people; nothing may parse it. */
  readonly message: string;
}

/** `why` says what a step waits for, if it does. */
export function planBody(plan: Plan, ids: ElementIds, why: (step: Step) => string | undefined): PlanBody {
  return {
    phases: plan.phases.map((phase) => ({
      id: ids(plan.name, phase.name),
      name: phase.name,
      steps: phase.steps.map((step) => stepBody(step, ids(plan.name, phase.name, step.name), why(step))),
      strategy: phase.strategy,
      status: phase.status,
    })),
    errors: plan.errors,
    strategy: plan.strategy,
    status: plan.status,
  };
}

function stepBody(step: Step, id: string, why: string | undefined): StepBody {
  const { name, status, recovery } = step;
  // The class names are those that the field's logs and dashboards have always shown.
  const kind = `com.mesosphere.sdk.scheduler.${recovery ? 'recovery.RecoveryStep' : 'plan.DeploymentStep'}`;
  const type = recovery ? ` RecoveryType: ${recovery}` : '';
  const reason = why ? ` (${why})` : '';
  return { id, name, status, message: `${kind}: ${name} [${id}] with status: ${status}${type}${reason}` };
}
