/**
 * What operators want of a plan, stored by names and gone with a new target; and the plan with those wishes applied. Promises that
 * every acknowledged interrupt, continue and force-complete holds after a restart.
 */
import { aggregate, candidateSteps, type Phase, type Plan, type Step, type Strategy } from './plan.ts';

export interface PlanIntent {
  /** The target under which it was said; void under any other. */
  readonly config: string;
  /** Of the plan itself. A plan that is only run on demand is held until it is started. */
  readonly interrupted?: boolean;
  /** A plan run on demand: the run that was asked for last. */
  readonly run?: PlanRun;
  readonly phases: Readonly<Record<string, PhaseIntent>>;
  /** By `<phase>/<step>`. */
  readonly steps: Readonly<Record<string, StepIntent>>;
}

export interface PlanRun {
  readonly id: string;
  /** Extra environment of the commands it launches. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface PhaseIntent {
  readonly interrupted?: boolean;
  /** Canary steps that were let through, in order. */
  readonly proceeded?: readonly string[];
}

export interface StepIntent {
  readonly interrupted?: boolean;
  /** Counts as COMPLETE while the step still is what this text says (`signature`). */
  readonly forced?: string;
}

/** How many canary steps an operator lets through one by one. */
export const CANARIES = 2;

/** A plan as its maker draws it: nothing is held, statuses of wholes are not worked out yet. */
export interface PlanDraft {
  readonly name: string;
  readonly strategy: Strategy;
  readonly phases: readonly PhaseDraft[];
  readonly errors?: readonly string[];
  /** Held until an operator starts it. */
  readonly onDemand?: boolean;
}

export interface PhaseDraft {
  readonly name: string;
  readonly strategy: Strategy;
  /** None is held. */
  readonly steps: readonly Step[];
  readonly needs?: readonly string[];
}

export function stepKey(phase: string, step: string): string {
  return `${phase}/${step}`;
}

/** The plan with the operators' wishes applied. An intent of another target is void. */
export function planOf(draft: PlanDraft, intents: ReadonlyMap<string, PlanIntent>, targetId: string): Plan {
  const stored = intents.get(draft.name);
  const intent = stored?.config === targetId ? stored : undefined;
  const interrupted = draft.onDemand ? intent?.run === undefined || intent.interrupted === true : !!intent?.interrupted;
  const { name, strategy, errors = [] } = draft;
  const drawn = draft.phases.map((phase) => phaseOf(phase, intent));
  const plan: Plan = { name, strategy, interrupted, phases: drawn, errors, status: 'PENDING' };
  const phases = onlyWorkingPrepared(plan);
  return { ...plan, phases, status: aggregate(phases, strategy, interrupted, errors) };
}

/** PREPARED looks for a place: a step whose turn has not come does not, though another plan's step of the same name may. */
function onlyWorkingPrepared(plan: Plan): readonly Phase[] {
  if (!plan.phases.some((phase) => phase.steps.some((step) => step.status === 'PREPARED'))) return plan.phases;
  const working = new Set(candidateSteps(plan));
  return plan.phases.map((phase) => withoutEarly(phase, working));
}

function withoutEarly(phase: Phase, working: ReadonlySet<Step>): Phase {
  const early = (step: Step) => step.status === 'PREPARED' && !working.has(step);
  if (!phase.steps.some(early)) return phase;
  const steps = phase.steps.map((step): Step => (early(step) ? { ...step, status: 'PENDING' } : step));
  return { ...phase, steps, status: aggregate(steps, phase.strategy, phase.interrupted) };
}

function phaseOf(draft: PhaseDraft, intent: PlanIntent | undefined): Phase {
  const said = intent?.phases[draft.name];
  if (!intent && !draft.strategy.endsWith('canary')) {
    const status = aggregate(draft.steps, draft.strategy, false);
    return { ...draft, interrupted: false, status };
  }
  const forcedOrNot = draft.steps.map((step) => forced(step, intent?.steps[stepKey(draft.name, step.name)]));
  const held = new Set(heldCanaries(draft.strategy, forcedOrNot, said?.proceeded ?? []));
  const steps = forcedOrNot.map((step) =>
    withHold(step, held.has(step.name) || !!intent?.steps[stepKey(draft.name, step.name)]?.interrupted),
  );
  // While the gate is closed only what was let through may work; with nothing under way the phase waits for an operator.
  const gateClosed = held.size > 0;
  const gated = gateClosed
    ? steps.map((step) => (isLetThrough(step, said) ? step : { ...step, interrupted: true }))
    : steps;
  const idle = gateClosed && !steps.some((step) => isLetThrough(step, said) && step.status !== 'COMPLETE');
  const interrupted = gateClosed ? idle : !!said?.interrupted;
  const { name, strategy, needs } = draft;
  const status = aggregate(gated, strategy, interrupted);
  return { name, strategy, interrupted, steps: gated, status, ...(needs ? { needs } : {}) };
}

function isLetThrough(step: { name: string }, said: PhaseIntent | undefined): boolean {
  return said?.proceeded?.includes(step.name) ?? false;
}

function forced(step: Step, said: StepIntent | undefined): Step {
  if (said?.forced === undefined || said.forced !== (step.signature ?? '')) return step;
  const { work: _, ...rest } = step;
  return { ...rest, status: 'COMPLETE' };
}

function withHold(step: Step, interrupted: boolean): Step {
  const waiting = interrupted && (step.status === 'PENDING' || step.status === 'PREPARED' || step.status === 'DELAYED');
  return waiting ? { ...step, interrupted, status: 'WAITING' } : { ...step, interrupted };
}

/**
 * The canary steps that still wait to be let through: of the first two steps that were not done when the phase began, those that
 * nobody let through. Empty once the gate is open.
 */
export function heldCanaries(
  strategy: Strategy,
  steps: readonly { name: string; status: string }[],
  proceeded: readonly string[],
): string[] {
  if (!strategy.endsWith('canary')) return [];
  const mine = steps.filter((step) => step.status !== 'COMPLETE' || proceeded.includes(step.name));
  return mine
    .slice(0, CANARIES)
    .filter((step) => !proceeded.includes(step.name))
    .map((step) => step.name);
}
