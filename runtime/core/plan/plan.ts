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
import { podInstanceName, taskName } from '../tasks/name.ts';

export type StepStatus = 'ERROR' | 'WAITING' | 'PENDING' | 'PREPARED' | 'STARTING' | 'STARTED' | 'DELAYED' | 'COMPLETE';
export type Status = StepStatus | 'IN_PROGRESS';
export type Strategy = 'serial' | 'parallel' | 'dependency' | 'serial-canary' | 'parallel-canary' | 'dependency-canary';

/** What plans, phases and steps have in common. */
interface Element {
  readonly name: string;
  readonly status: Status;
  /** Held by an operator, or by a canary gate: it starts nothing, what is under way goes on. */
  readonly interrupted: boolean;
  /** Names of siblings that come first; only under a dependency strategy. */
  readonly needs?: readonly string[];
}

export interface Step extends Element {
  readonly status: StepStatus;
  /** The pod instance it works on (`data-0`): two steps never hold the same one. Empty: it is of no pod. */
  readonly pod: string;
  readonly podType: string;
  readonly podIndex: number;
  /** Task spec names. */
  readonly tasks: readonly string[];
  /** The same as the names of tasks: `data-0-node`. */
  readonly taskNames: readonly string[];
  readonly recovery?: RecoveryType;
  /** What to do when the step may start; absent when nothing is left to do. */
  readonly work?: StepWork;
  /** A forced step stays COMPLETE as long as this is the same; without one that is for this target. */
  readonly signature?: string;
  /** DELAYED: when it may be tried again, in milliseconds since the epoch. */
  readonly delayedUntil?: number;
}

export type StepWork =
  | { readonly kind: 'launch'; readonly requirement: Requirement }
  /** Ends the pod instance's tasks for good, then gives its resources back, then forgets it. */
  | { readonly kind: 'remove' };

export interface Phase extends Element {
  readonly strategy: Strategy;
  readonly steps: readonly Step[];
}

export interface Plan extends Element {
  readonly strategy: Strategy;
  readonly phases: readonly Phase[];
  /** Why the newest configuration was refused. */
  readonly errors: readonly string[];
}

/** What a step is known by across services and plans: two plans may have a step of one name. */
export function stepId(service: string, plan: string, step: string): string {
  return `${service}/${plan}/${step}`;
}

/** A step of a pod instance, without any work; `tasks` by their names in the definition. */
export function stepOn(type: string, index: number, name: string, tasks: readonly string[], status: StepStatus): Step {
  return {
    name,
    status,
    interrupted: false,
    pod: podInstanceName(type, index),
    podType: type,
    podIndex: index,
    tasks,
    taskNames: tasks.map((task) => taskName(type, index, task)),
  };
}

/** `data-0:[node, sidecar]` */
export function stepName(pod: string, tasks: readonly string[]): string {
  return `${pod}:[${tasks.join(', ')}]`;
}

/**
 * The children that a strategy would work on now. An interrupted parent works on none; an interrupted child is passed over in
 * parallel and holds up the rest in series. A canary phase has its gate in the `interrupted` marks of its steps.
 */
export function candidates<T extends Element>(
  children: readonly T[],
  strategy: Strategy,
  interrupted: boolean,
): readonly T[] {
  if (interrupted) return [];
  const open = children.filter(
    (child) => child.status !== 'COMPLETE' && child.status !== 'ERROR' && !child.interrupted,
  );
  switch (strategy) {
    case 'parallel':
    case 'parallel-canary':
      return open;
    case 'serial':
    case 'serial-canary': {
      const first = children.find((child) => child.status !== 'COMPLETE');
      return open.filter((child) => child === first);
    }
    case 'dependency':
    case 'dependency-canary': {
      const done = new Set(children.filter((child) => child.status === 'COMPLETE').map((child) => child.name));
      return open.filter((child) => (child.needs ?? []).every((name) => done.has(name)));
    }
  }
}

/** The steps that a plan would work on now, in order. */
export function candidateSteps(plan: Plan): readonly Step[] {
  return candidates(plan.phases, plan.strategy, plan.interrupted).flatMap((phase) =>
    candidates(phase.steps, phase.strategy, phase.interrupted),
  );
}

/** The status of a phase over its steps, or of a plan over its phases; the first row that holds (scheduler-behaviour 6.2). */
export function aggregate(
  children: readonly Element[],
  strategy: Strategy,
  interrupted: boolean,
  errors: readonly string[] = [],
): Status {
  const all = statusesOf(children);
  const any = (set: ReadonlySet<Status>, ...wanted: Status[]) => wanted.some((status) => set.has(status));
  const none = (set: ReadonlySet<Status>, but: Status) => set.size === (set.has(but) ? 1 : 0);

  if (errors.length > 0 || all.has('ERROR')) return 'ERROR';
  if (none(all, 'COMPLETE')) return 'COMPLETE';
  if (interrupted) return 'WAITING';
  const now = statusesOf(candidates(children, strategy, interrupted));
  if (all.has('DELAYED') && none(now, 'DELAYED')) return 'DELAYED';
  if (all.has('PREPARED')) return 'IN_PROGRESS';
  if (any(now, 'WAITING')) return 'WAITING';
  if (any(now, 'IN_PROGRESS')) return 'IN_PROGRESS';
  if (all.has('COMPLETE') && any(now, 'PENDING', 'STARTING', 'STARTED')) return 'IN_PROGRESS';
  if (any(now, 'PENDING')) return 'PENDING';
  if (all.has('WAITING')) return 'WAITING';
  if (any(now, 'STARTING')) return 'STARTING';
  if (any(now, 'STARTED')) return 'STARTED';
  return 'IN_PROGRESS';
}

function statusesOf(children: readonly Element[]): ReadonlySet<Status> {
  const statuses = new Set<Status>();
  for (const child of children) statuses.add(child.status);
  return statuses;
}

/** Something is being done about it: what "already running" means to an operator's `continue`. */
export function isRunning(status: Status): boolean {
  return status === 'PREPARED' || status === 'STARTING' || status === 'STARTED' || status === 'IN_PROGRESS';
}

/** The least advanced of several statuses: what a step of several tasks shows. */
export function leastAdvanced(statuses: readonly StepStatus[]): StepStatus {
  return statuses.reduce(lessAdvanced, 'COMPLETE');
}

/** The less advanced of two. */
export function lessAdvanced(a: StepStatus, b: StepStatus): StepStatus {
  return ADVANCE[b] < ADVANCE[a] ? b : a;
}

const ADVANCE: Readonly<Record<StepStatus, number>> = {
  ERROR: 0,
  DELAYED: 1,
  PENDING: 2,
  PREPARED: 3,
  STARTING: 4,
  STARTED: 5,
  WAITING: 6,
  COMPLETE: 7,
};
