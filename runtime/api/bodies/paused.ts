/**
 * The word that people are shown instead of a status while tasks are overridden: paused, or on their way out (scheduler-behaviour
 * 8.4). Promises to follow from the stored overrides alone.
 */
import { isRunning, type Step, type StepStatus } from '../../core/plan/plan.ts';
import type { Override, Service, TaskRecord } from '../../core/state.ts';
import { recordsByPod } from '../../core/tasks/pods.ts';
import { wasLaunched } from '../../core/tasks/record.ts';

export type ShownStatus = StepStatus | 'PAUSING' | 'PAUSED';

/** The pod instances all of whose launched tasks are paused or on their way there. Asked once for all steps that are shown. */
export function pausedPods(service: Service): ReadonlySet<string> {
  // Mostly nothing is, and nobody has to be told apart.
  if (![...service.tasks.values()].some(isPaused)) return new Set();
  const pods = [...recordsByPod(service)].map(([pod, records]) => ({ pod, launched: records.filter(wasLaunched) }));
  const paused = pods.filter(({ launched }) => launched.length > 0 && launched.every(isPaused));
  return new Set(paused.map(({ pod }) => pod));
}

function isPaused({ override }: TaskRecord): boolean {
  return override?.goal === 'PAUSED';
}

/** The step's own status, unless its pod instance is one of those that are paused. */
export function shownStatus(step: Step, paused: ReadonlySet<string>): ShownStatus {
  if (!paused.has(step.pod)) return step.status;
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
