/**
 * Plans: Plan > Phase > Step, and how the status of a whole follows from its parts. Promises plain data made anew for every frame
 * from the target, the task records and the stored intents; nothing here remembers anything.
 *
 *     deploy (serial strategy) (IN_PROGRESS)
 *     ├─ meta-data (serial strategy) (COMPLETE)
 *     │  └─ meta-data-0:[node] (COMPLETE)
 *     └─ data (serial strategy) (PENDING)
 *        └─ data-0:[node] (PENDING)
 */
import type { Requirement } from '../offer/match.ts';
import type { RecoveryType } from '../state.ts';

export type StepStatus = 'ERROR' | 'WAITING' | 'PENDING' | 'PREPARED' | 'STARTING' | 'STARTED' | 'DELAYED' | 'COMPLETE';
export type Status = StepStatus | 'IN_PROGRESS';
export type Strategy = 'serial' | 'parallel';

export interface Step {
  /** `data-0:[node]` */
  readonly name: string;
  readonly status: StepStatus;
  /** The pod instance it works on: two steps never hold the same one. */
  readonly podType: string;
  readonly podIndex: number;
  /** Task spec names. */
  readonly tasks: readonly string[];
  readonly recovery?: RecoveryType;
  /** What to launch when the step may start; absent when nothing is left to do. */
  readonly requirement?: Requirement;
}

export interface Phase {
  readonly name: string;
  readonly strategy: Strategy;
  readonly steps: readonly Step[];
  readonly status: Status;
}

export interface Plan {
  readonly name: string;
  readonly strategy: Strategy;
  readonly phases: readonly Phase[];
  /** Why the newest configuration was refused. */
  readonly errors: readonly string[];
  readonly status: Status;
}

export function stepName(pod: string, tasks: readonly string[]): string {
  return `${pod}:[${tasks.join(', ')}]`;
}

export function phaseOf(name: string, strategy: Strategy, steps: readonly Step[]): Phase {
  return { name, strategy, steps, status: aggregate(steps, strategy, []) };
}

export function planOf(
  name: string,
  strategy: Strategy,
  phases: readonly Phase[],
  errors: readonly string[] = [],
): Plan {
  return { name, strategy, phases, errors, status: aggregate(phases, strategy, errors) };
}

/** The children that a strategy would work on now: all incomplete ones, or the first of them. */
export function candidates<T extends { status: Status }>(children: readonly T[], strategy: Strategy): readonly T[] {
  const open = children.filter((child) => child.status !== 'COMPLETE' && child.status !== 'ERROR');
  if (strategy === 'parallel') return open;
  const first = children.find((child) => child.status !== 'COMPLETE');
  return open.filter((child) => child === first);
}

/** The steps that a plan would work on now, in order. */
export function candidateSteps(plan: Plan): readonly Step[] {
  return candidates(plan.phases, plan.strategy).flatMap((phase) => candidates(phase.steps, phase.strategy));
}

/** The status of a phase over its steps, or of a plan over its phases; the first row that holds (scheduler-behaviour 6.2). */
export function aggregate(
  children: readonly { status: Status }[],
  strategy: Strategy,
  errors: readonly string[],
): Status {
  const now = candidates(children, strategy);
  const any = (list: readonly { status: Status }[], ...wanted: Status[]) => list.some((c) => wanted.includes(c.status));
  const every = (list: readonly { status: Status }[], wanted: Status) => list.every((c) => c.status === wanted);

  if (errors.length > 0 || any(children, 'ERROR')) return 'ERROR';
  if (every(children, 'COMPLETE')) return 'COMPLETE';
  if (any(children, 'DELAYED') && every(now, 'DELAYED')) return 'DELAYED';
  if (any(children, 'PREPARED')) return 'IN_PROGRESS';
  if (any(now, 'WAITING')) return 'WAITING';
  if (any(now, 'IN_PROGRESS')) return 'IN_PROGRESS';
  if (any(children, 'COMPLETE') && any(now, 'PENDING', 'STARTING', 'STARTED')) return 'IN_PROGRESS';
  if (any(now, 'PENDING')) return 'PENDING';
  if (any(children, 'WAITING')) return 'WAITING';
  if (any(now, 'STARTING')) return 'STARTING';
  if (any(now, 'STARTED')) return 'STARTED';
  return 'IN_PROGRESS';
}

/** The least advanced of several statuses: what a step of several tasks shows. */
export function leastAdvanced(statuses: readonly StepStatus[]): StepStatus {
  const order: readonly StepStatus[] = ['ERROR', 'DELAYED', 'PENDING', 'PREPARED', 'STARTING', 'STARTED', 'WAITING'];
  return order.find((status) => statuses.includes(status)) ?? 'COMPLETE';
}
