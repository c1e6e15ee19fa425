/**
 * Start, stop, continue, interrupt, restart and force-complete of plans, phases and steps (scheduler-behaviour 6.4). Promises that
 * what was answered holds after a restart, and that nothing under way is stopped by an interrupt.
 */
import type { Reply } from './command.ts';
import { type Draft, dropAbandoned, note, putIntent, putProgress } from './draft.ts';
import { called, elementId } from './plan/element.ts';
import { heldCanaries, type PhaseIntent, type PlanIntent, type StepIntent, stepKey } from './plan/intent.ts';
import { isRunning, type Phase, type Plan, type Step } from './plan/plan.ts';
import { plansOf } from './plan/plans.ts';
import type { Service } from './state.ts';
import { taskName } from './tasks/name.ts';

/** Plans by name; phases and steps by name or id. */
export type PlanCommand =
  | { kind: 'plan-start'; service: string; plan: string; parameters: Readonly<Record<string, string>> }
  | { kind: 'plan-stop'; service: string; plan: string }
  | { kind: 'plan-continue' | 'plan-interrupt'; service: string; plan: string; phase?: string }
  | { kind: 'plan-restart' | 'plan-force-complete'; service: string; plan: string; phase?: string; step?: string };

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function runPlanCommand(draft: Draft, service: Service, command: PlanCommand): Reply {
  if (command.kind === 'plan-start') {
    const bad = Object.keys(command.parameters).find((name) => !VARIABLE.test(name));
    if (bad !== undefined) {
      return {
        kind: 'bad-request',
        message: `Couldn't parse parameters: ${bad} is not a valid environment variable name`,
      };
    }
  }
  const plan = plansOf(service, draft.state.session, draft.now).find((candidate) => candidate.name === command.plan);
  if (!plan) return { kind: 'not-found', what: `Plan ${command.plan}` };
  const reply = carryOut(draft, service, plan, command);
  if (reply.kind === 'done') {
    const {
      kind,
      plan: name,
      phase,
      step,
      parameters,
    } = { phase: undefined, step: undefined, parameters: {}, ...command };
    note(draft, kind, { plan: name, phase, step, parameters: Object.keys(parameters).join(' ') || undefined });
  }
  return reply;
}

function carryOut(draft: Draft, service: Service, plan: Plan, command: PlanCommand): Reply {
  switch (command.kind) {
    case 'plan-start':
      return start(draft, service, plan, command.parameters);
    case 'plan-stop':
      restartSteps(draft, service, plan, allSteps(plan));
      change(draft, service, plan, (intent) => ({ ...intent, interrupted: true }));
      return { kind: 'done' };
    case 'plan-continue':
      return command.phase === undefined
        ? continuePlan(draft, service, plan)
        : continuePhases(draft, service, plan, command.phase);
    case 'plan-interrupt':
      return command.phase === undefined
        ? interruptPlan(draft, service, plan)
        : interruptPhases(draft, service, plan, command.phase);
    case 'plan-restart':
    case 'plan-force-complete':
      return onElement(draft, service, plan, command);
  }
}

/** Sets the parameters; a plan that is complete, or was never started, begins a new run. */
function start(draft: Draft, service: Service, plan: Plan, parameters: Readonly<Record<string, string>>): Reply {
  if (plan.status === 'COMPLETE') restartSteps(draft, service, plan, allSteps(plan));
  change(draft, service, plan, (intent) => {
    const run =
      plan.status === 'COMPLETE' || !intent.run ? { id: draft.newId(), parameters } : { ...intent.run, parameters };
    return { ...intent, interrupted: false, run };
  });
  return { kind: 'done' };
}

function continuePlan(draft: Draft, service: Service, plan: Plan): Reply {
  if (isRunning(plan.status) || plan.status === 'COMPLETE') return { kind: 'already' };
  change(draft, service, plan, (intent) => ({
    ...intent,
    interrupted: false,
    run: intent.run ?? { id: draft.newId(), parameters: {} },
  }));
  return { kind: 'done' };
}

function interruptPlan(draft: Draft, service: Service, plan: Plan): Reply {
  if (plan.interrupted || plan.status === 'COMPLETE') return { kind: 'already' };
  change(draft, service, plan, (intent) => ({ ...intent, interrupted: true }));
  return { kind: 'done' };
}

/** Clears the hold of all phases that are called so; a canary gate lets its next step through. */
function continuePhases(draft: Draft, service: Service, plan: Plan, said: string): Reply {
  const phases = phasesOf(service, plan, said);
  if (phases.length === 0) return { kind: 'not-found', what: `Phase ${said}` };
  const running = phases.every((phase) => isRunning(phase.status));
  if (running || phases.every((phase) => phase.status === 'COMPLETE')) return { kind: 'already' };
  for (const phase of phases) {
    changePhase(draft, service, plan, phase, (said) => {
      const proceeded = said.proceeded ?? [];
      const next = heldCanaries(phase.strategy, phase.steps, proceeded)[0];
      return { ...said, interrupted: false, ...(next === undefined ? {} : { proceeded: [...proceeded, next] }) };
    });
  }
  return { kind: 'done' };
}

/** Does nothing to a phase whose canary gate is closed: that is held already. */
function interruptPhases(draft: Draft, service: Service, plan: Plan, said: string): Reply {
  const phases = phasesOf(service, plan, said);
  if (phases.length === 0) return { kind: 'not-found', what: `Phase ${said}` };
  if (phases.every((phase) => phase.interrupted || phase.status === 'COMPLETE')) return { kind: 'already' };
  for (const phase of phases) {
    const proceeded = intentOf(service, plan).phases[phase.name]?.proceeded ?? [];
    if (heldCanaries(phase.strategy, phase.steps, proceeded).length > 0) continue;
    changePhase(draft, service, plan, phase, (said) => ({ ...said, interrupted: true }));
  }
  return { kind: 'done' };
}

type ElementCommand = Extract<PlanCommand, { kind: 'plan-restart' | 'plan-force-complete' }>;

/** The whole plan, the first phase of a name, or one step of it. */
function onElement(draft: Draft, service: Service, plan: Plan, command: ElementCommand): Reply {
  if (command.phase === undefined) {
    if (command.step !== undefined) return { kind: 'bad-request', message: 'Missing phase' };
    return apply(draft, service, plan, command.kind, plan.status, allSteps(plan), (intent) => ({
      ...intent,
      interrupted: false,
      run: intent.run ?? { id: draft.newId(), parameters: {} },
    }));
  }
  const [phase] = phasesOf(service, plan, command.phase);
  if (!phase) return { kind: 'not-found', what: `Phase ${command.phase}` };
  if (command.step === undefined) {
    const steps = phase.steps.map((step) => ({ phase, step }));
    return apply(draft, service, plan, command.kind, phase.status, steps, (intent) => intent, phase);
  }
  const found = called(phase.steps, command.step, ({ name }) => elementId(service.name, plan.name, phase.name, name));
  const [step] = found;
  if (!step || found.length > 1) return { kind: 'not-found', what: `Step ${command.step}` };
  return apply(draft, service, plan, command.kind, step.status, [{ phase, step }], (intent) => intent);
}

function apply(
  draft: Draft,
  service: Service,
  plan: Plan,
  kind: ElementCommand['kind'],
  status: string,
  steps: readonly PhaseStep[],
  proceed: (intent: PlanIntent) => PlanIntent,
  phase?: Phase,
): Reply {
  if (kind === 'plan-force-complete') {
    if (status === 'COMPLETE') return { kind: 'already' };
    forceSteps(draft, service, plan, steps);
    return { kind: 'done' };
  }
  if (status === 'PENDING') return { kind: 'already' };
  restartSteps(draft, service, plan, steps);
  if (phase) changePhase(draft, service, plan, phase, (said) => ({ ...said, interrupted: false }));
  else change(draft, service, plan, proceed);
  return { kind: 'done' };
}

function phasesOf(service: Service, plan: Plan, said: string): Phase[] {
  return called(plan.phases, said, ({ name }) => elementId(service.name, plan.name, name));
}

interface PhaseStep {
  readonly phase: Phase;
  readonly step: Step;
}

function allSteps(plan: Plan): PhaseStep[] {
  return plan.phases.flatMap((phase) => phase.steps.map((step) => ({ phase, step })));
}

/** COMPLETE from now on, whatever its tasks do. What a removal still waited for is given up. */
function forceSteps(draft: Draft, service: Service, plan: Plan, steps: readonly PhaseStep[]): void {
  changeSteps(draft, service, plan, steps, (_, step) => ({ forced: step.signature ?? '' }));
  for (const { step } of steps) {
    const id = step.work?.kind === 'remove' ? /^unreserve-(.+)$/.exec(step.name)?.[1] : undefined;
    if (id !== undefined) dropAbandoned(draft, service, id);
  }
}

/** PENDING again: what was launched is launched anew, what was forced or held is free, delays are forgotten. */
function restartSteps(draft: Draft, service: Service, plan: Plan, steps: readonly PhaseStep[]): void {
  changeSteps(draft, service, plan, steps, () => undefined);
  for (const { step } of steps) {
    for (const task of step.tasks) {
      const record = service.tasks.get(taskName(step.podType, step.podIndex, task));
      if (!record) continue;
      const id = record.info.task_id.value;
      switch (plan.name) {
        case 'deploy':
          putProgress(draft, service, record, { redo: id, reached: undefined, backoff: undefined });
          break;
        case 'recovery':
          putProgress(draft, service, record, { kill: id, backoff: undefined });
          break;
        default:
          putProgress(draft, service, record, { run: undefined, backoff: undefined });
      }
    }
  }
}

function intentOf(service: Service, plan: Plan): PlanIntent {
  const stored = service.intents.get(plan.name);
  return stored?.config === service.targetId ? stored : { config: service.targetId, phases: {}, steps: {} };
}

function change(draft: Draft, service: Service, plan: Plan, how: (intent: PlanIntent) => PlanIntent): void {
  putIntent(draft, service, plan.name, how(intentOf(service, plan)));
}

function changePhase(
  draft: Draft,
  service: Service,
  plan: Plan,
  phase: Phase,
  how: (said: PhaseIntent) => PhaseIntent,
): void {
  change(draft, service, plan, (intent) => ({
    ...intent,
    phases: { ...intent.phases, [phase.name]: how(intent.phases[phase.name] ?? {}) },
  }));
}

function changeSteps(
  draft: Draft,
  service: Service,
  plan: Plan,
  steps: readonly PhaseStep[],
  how: (said: StepIntent | undefined, step: Step) => StepIntent | undefined,
): void {
  change(draft, service, plan, (intent) => {
    const said = new Map(Object.entries(intent.steps));
    for (const { phase, step } of steps) {
      const key = stepKey(phase.name, step.name);
      const next = how(said.get(key), step);
      if (next) said.set(key, next);
      else said.delete(key);
    }
    return { ...intent, steps: Object.fromEntries(said) };
  });
}
