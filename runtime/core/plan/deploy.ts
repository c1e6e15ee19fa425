/**
 * The deploy plan: every pod instance of the target, in the order of the file or of its `deploy` plan, until each task has reached
 * its goal under the target. A step that was COMPLETE stays so when its task fails later; that is recovery's business.
 */
import type { PhaseSpec, PlanSpec, PlanSpecs, PodSpec, ServiceSpec, TaskSpec } from '../../spec/service.ts';
import { type Service, type Session, type TaskRecord, targetOf } from '../state.ts';
import { podInstanceName, taskName } from '../tasks/name.ts';
import { configOf, isDown, isPermanentlyFailed, wasLaunched } from '../tasks/record.ts';
import type { PhaseDraft, PlanDraft } from './intent.ts';
import { leastAdvanced, type Step, type StepStatus, stepId, stepName } from './plan.ts';

/** Property: a deployment completed once, so an `update` plan takes the place of `deploy`. */
export const COMPLETED = 'last-completed-update-type';

/** The plan that deploys: the file's `update` once a deployment completed, its `deploy`, or one phase a pod. */
export function deployPlan(service: Service, session: Session, now: number): PlanDraft {
  const spec = targetOf(service);
  const plan = chosenPlan(spec, service.plans, session.updating);
  const phases = plan.phases.map((phase) => {
    const pod = spec.pods.find((candidate) => candidate.type === phase.pod);
    const steps = pod
      ? stepsOf(phase, pod, (index, tasks) => deployStep(service, session, pod, index, tasks, now))
      : [];
    return phaseDraft(phase, steps);
  });
  return { name: 'deploy', strategy: plan.strategy, phases, errors: service.errors };
}

/** `updating`: a deployment has completed before. */
export function chosenPlan(spec: ServiceSpec, plans: PlanSpecs, updating: boolean): PlanSpec {
  const named = (name: string) => plans.find((plan) => plan.name === name);
  return (updating ? named('update') : undefined) ?? named('deploy') ?? defaultPlan(spec.pods);
}

function defaultPlan(pods: readonly PodSpec[]): PlanSpec {
  const phases = pods.map((pod): PhaseSpec => ({ name: pod.type, pod: pod.type, strategy: 'serial' }));
  return { name: 'deploy', strategy: 'serial', phases };
}

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

/** One step an instance with all tasks of the pod, or what the phase lists. */
export function stepsOf<T>(phase: PhaseSpec, pod: PodSpec, step: (index: number, tasks: readonly string[]) => T): T[] {
  const all = [pod.tasks.map((task) => task.name)];
  return Array.from({ length: pod.count }, (_, index) => {
    const lists = phase.steps ? (phase.steps.byIndex[index] ?? phase.steps.otherwise ?? []) : all;
    return lists.map((tasks) => step(index, tasks));
  }).flat();
}

function deployStep(
  service: Service,
  session: Session,
  pod: PodSpec,
  index: number,
  tasks: readonly string[],
  now: number,
): Step {
  const name = stepName(podInstanceName(pod.type, index), tasks);
  const records = tasks.map((task) => service.tasks.get(taskName(pod.type, index, task)));
  const specs = tasks.map((task) => pod.tasks.find((candidate) => candidate.name === task));
  const statuses = records.map((record, at) => {
    const spec = specs[at];
    return spec ? deployStatus(record, spec, service.targetId) : 'ERROR';
  });
  const id = stepId(service.name, 'deploy', name);
  const standing = standingOf(leastAdvanced(statuses), records, id, session, now);
  const step = { name, interrupted: false, podType: pod.type, podIndex: index, tasks, ...standing };
  if (standing.status !== 'PENDING' && standing.status !== 'PREPARED') return step;
  // Given up by an operator before it was ever ready: built anew elsewhere, still in its turn.
  const recovery = isGivenUp(service, pod, index) ? { recovery: 'PERMANENT' as const } : {};
  const requirement = { pod, index, tasks, spec: targetOf(service), configId: service.targetId, ...recovery };
  return { ...step, work: { kind: 'launch', requirement } };
}

/** What a step shows: a pending one waits for its delay (DELAYED), or looks for a place and was told why it has none (PREPARED). */
export function standingOf(
  status: StepStatus,
  records: readonly (TaskRecord | undefined)[],
  id: string,
  session: Session,
  now: number,
): { status: StepStatus; delayedUntil?: number } {
  if (status !== 'PENDING') return { status };
  const until = Math.max(...records.map((record) => record?.progress.backoff?.until ?? 0));
  if (until > now) return { status: 'DELAYED', delayedUntil: until };
  return { status: session.explanations.has(id) ? 'PREPARED' : 'PENDING' };
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
