/**
 * The word that people are shown instead of a status while tasks are overridden: paused, or on their way out (scheduler-behaviour
 * 8.4). Promises to follow from the stored overrides alone.
 */
import { isRunning, type Step, type StepStatus } from '../../core/plan/plan.ts';
import type { Override, Service } from '../../core/state.ts';
import { recordsOfPod } from '../../core/tasks/pods.ts';
import { wasLaunched } from '../../core/tasks/record.ts';

export type ShownStatus = StepStatus | 'PAUSING' | 'PAUSED';

/** The step's own status, unless all tasks of its pod instance are paused or on their way there. */
export function shownStatus(step: Step, service: Service): ShownStatus {
  const launched = recordsOfPod(service, step.podType, step.podIndex).filter(wasLaunched);
  if (launched.length === 0 || launched.some((record) => record.override?.goal !== 'PAUSED')) return step.status;
  if (isRunning(step.status)) return 'PAUSING';
  return step.status === 'COMPLETE' ? 'PAUSED' : step.status;
}

/** What a task shows while it is overridden. */
export function overrideStatus({ goal, status }: Override): string {
  const [onTheWay, there] = WORDS[goal];
  return status === 'COMPLETE' ? there : onTheWay;
}

const WORDS = {
  PAUSED: ['PAUSING', 'PAUSED'],
  DECOMMISSIONED: ['DECOMMISSIONING', 'DECOMMISSIONED'],
  NONE: ['STARTING', 'STARTING'],
} as const satisfies Record<Override['goal'], readonly [string, string]>;
