/**
 * The deploy plan: every pod instance of the target, in the order of the file or of its `deploy` plan, until each task has reached
 * its goal under the target. A step that was COMPLETE stays so when its task fails later; that is recovery's business.
 */
import type { PhaseSpec, PlanSpec, PlanSpecs, PodSpec, ServiceSpec, TaskSpec } from '../../spec/service.ts';
import { type Service, type Session, type TaskRecord, targetOf } from '../state.ts';
import { taskName } from '../tasks/name.ts';
import { configOf, isDown, isPermanentlyFailed, wasLaunched } from '../tasks/record.ts';
import type { PhaseDraft, PlanDraft } from './intent.ts';
import { lessAdvanced, type Step, type StepStatus, stepId } from './plan.ts';
import { launchIn, type Slot, slotsOf, stepIn } from './slot.ts';

/** Property: a deployment completed once, so an `update` plan takes the place of `deploy`. */
export const COMPLETED = 'last-completed-update-type';

/** The plan that deploys: the file's `update` once a deployment completed, its `deploy`, or one phase a pod. */
export function deployPlan(service: Service, session: Session, now: number): PlanDraft {
  const spec = targetOf(service);
  const plan = chosenPlan(spec, service.plans, session.updating);
  const phases = plan.phases.map((phase) => {
    const steps = slotsOf(phase, spec).map((slot) => deployStep(service, session, slot, now));
    return phaseDraft(phase, steps);
  });
  return { name: 'deploy', strategy: plan.strategy, phases, errors: service.errors };
}

/** `updating`: a deployment has completed before. */
export function chosenPlan(spec: ServiceSpec, plans: PlanSpecs, updating: boolean): PlanSpec {
  const named = (name: string) => plans.find((plan) => plan.name === name);
  return (updating ? named('update') : undefined) ?? named('deploy') ?? defaultPlan(spec);
}

function defaultPlan(spec: ServiceSpec): PlanSpec {
  const known = defaultPlans.get(spec);
  if (known) return known;
  const phases = spec.pods.map((pod): PhaseSpec => ({ name: pod.type, pod: pod.type, strategy: 'serial' }));
  const plan: PlanSpec = { name: 'deploy', strategy: 'serial', phases };
  defaultPlans.set(spec, plan);
  return plan;
}

/** One a definition, so that its phases stay what they are (`slotsOf`). */
const defaultPlans = new WeakMap<ServiceSpec, PlanSpec>();

/** A phase with its steps. Steps of one instance stay in order when instances go in parallel. */
export function phaseDraft(phase: PhaseSpec, steps: readonly Step[]): PhaseDraft {
  const { name, strategy } = phase;
  if (!phase.steps || strategy === 'serial' || strategy === 'serial-canary') return { name, strategy, steps };
  return { name, strategy: strategy === 'parallel' ? 'dependency' : 'dependency-canary', steps: inOrder(steps) };
}

function inOrder(steps: readonly Step[]): Step[] {
  return steps.map((step, at) => ({
    ...step,
    needs: steps
      .slice(0, at)
      .filter((earlier) => earlier.podIndex === step.podIndex)
      .map((earlier) => earlier.name),
  }));
}

function deployStep(service: Service, session: Session, slot: Slot, now: number): Step {
  const status = slotStatus(service, slot);
  if (status !== 'PENDING') return stepIn(slot, status);
  const { name, pod, index, taskNames } = slot;
  const records = taskNames.map((task) => service.tasks.get(task));
  const standing = standingOf(status, records, { service, session, now }, 'deploy', name);
  if (standing.status === 'DELAYED') return { ...stepIn(slot, 'DELAYED'), ...standing };
  const step = launchIn(slot, standing.status, targetOf(service), service.targetId);
  if (!isGivenUp(service, pod, index)) return step;
  // By an operator before it was ever ready: built anew elsewhere, still in its turn.
  const { requirement } = step.work;
  return { ...step, work: { kind: 'launch', requirement: { ...requirement, recovery: 'PERMANENT' } } };
}

function slotStatus(service: Service, { taskNames, specs }: Slot): StepStatus {
  let least: StepStatus = 'COMPLETE';
  for (let at = 0; at < taskNames.length; at++) {
    const spec = specs[at];
    const record = service.tasks.get(taskNames[at] ?? '');
    least = lessAdvanced(least, spec ? deployStatus(record, spec, service.targetId) : 'ERROR');
  }
  return least;
}

/** What a step shows: a pending one waits for its delay (DELAYED), or looks for a place and was told why it has none (PREPARED). */
export function standingOf(
  status: StepStatus,
  records: readonly (TaskRecord | undefined)[],
  { service, session, now }: { service: Service; session: Session; now: number },
  plan: string,
  step: string,
): { status: StepStatus; delayedUntil?: number } {
  if (status !== 'PENDING') return { status };
  let until = 0;
  for (const record of records) until = Math.max(until, record?.progress.backoff?.until ?? 0);
  if (until > now) return { status: 'DELAYED', delayedUntil: until };
  const { explanations } = session;
  const isTold = explanations.size > 0 && explanations.has(stepId(service.name, plan, step));
  return { status: isTold ? 'PREPARED' : 'PENDING' };
}

function isGivenUp(service: Service, pod: PodSpec, index: number): boolean {
  return pod.tasks.some((task) => {
    const record = service.tasks.get(taskName(pod.type, index, task.name));
    return record !== undefined && isPermanentlyFailed(record);
  });
}

/** How far one task is on its way to its goal under the target. */
export function deployStatus(record: TaskRecord | undefined, task: TaskSpec, targetId: string): StepStatus {
  if (!record) return 'PENDING';
  const { reached, redo } = record.progress;
  if (reached === targetId || (task.goal === 'ONCE' && reached !== undefined)) return 'COMPLETE';
  if (!wasLaunched(record) || isPermanentlyFailed(record) || redo === record.info.task_id.value) return 'PENDING';
  if (configOf(record) !== targetId || isDown(record)) return 'PENDING';
  return launchStatus(record);
}

/** How far a living launch is. */
export function launchStatus(record: TaskRecord): StepStatus {
  const state = record.status?.state;
  return state === 'TASK_STAGING' || state === 'TASK_STARTING' ? 'STARTING' : 'STARTED';
}
