/** One look at the plans: all that the live view shows, copied out of the scheduler's state so that it may be kept. */
import { pausedPods, type ShownStatus, shownStatus } from '../../api/bodies/paused.ts';
import { type Waiting, whyWaiting } from '../../api/bodies/waiting.ts';
import type { Status, Step, Strategy } from '../../core/plan/plan.ts';
import { plansOf } from '../../core/plan/plans.ts';
import type { Service, State } from '../../core/state.ts';
import { taskName } from '../../core/tasks/name.ts';
import { isLive, labelOf } from '../../core/tasks/record.ts';

export interface PlanLook {
  readonly name: string;
  readonly strategy: Strategy;
  readonly status: Status;
  readonly errors: readonly string[];
  readonly phases: readonly PhaseLook[];
}

export interface PhaseLook {
  readonly name: string;
  readonly strategy: Strategy;
  readonly status: Status;
  readonly steps: readonly StepLook[];
}

export interface StepLook {
  readonly name: string;
  readonly status: ShownStatus;
  /** The agent on which its tasks run. */
  readonly host?: string;
  readonly why?: Waiting;
}

/** What the plans of a service look like now. */
export function lookAt(state: State, now: number, serviceName: string): PlanLook[] {
  const service = state.services.get(serviceName);
  if (!service) return [];
  return plansOf(service, state.session, now).map(({ name, strategy, status, errors, phases }) => ({
    name,
    strategy,
    status,
    errors: [...errors],
    phases: phases.map((phase) => ({
      name: phase.name,
      strategy: phase.strategy,
      status: phase.status,
      steps: phase.steps.map((step) => lookAtStep(name, step, service, state, now)),
    })),
  }));
}

function lookAtStep(plan: string, step: Step, service: Service, state: State, now: number): StepLook {
  return {
    name: step.name,
    status: shownStatus(step, pausedPods(service)),
    host: hostOf(step, service),
    why: whyWaiting(plan, step, service, state.session, now, 1),
  };
}

function hostOf(step: Step, service: Service): string | undefined {
  const records = step.tasks.map((task) => service.tasks.get(taskName(step.podType, step.podIndex, task)));
  const live = records.find((record) => record !== undefined && isLive(record));
  return live && labelOf(live.info, 'offer_hostname');
}
