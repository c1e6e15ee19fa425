/**
 * The deploy plan: every pod instance of the target, in the order of the file, until each of its tasks has reached its goal under
 * the target configuration. A step that was COMPLETE stays so when its task fails later; that is recovery's business.
 */
import type { PodSpec, TaskSpec } from '../../spec/service.ts';
import { type Service, type Session, type TaskRecord, targetOf } from '../state.ts';
import { podInstanceName, taskName } from '../tasks/name.ts';
import { configOf, isDown, isPermanentlyFailed, wasLaunched } from '../tasks/record.ts';
import { leastAdvanced, type Plan, phaseOf, planOf, type Step, type StepStatus, stepName } from './plan.ts';

export function deployPlan(service: Service, session: Session): Plan {
  const spec = targetOf(service);
  const phases = spec.pods.map((pod) =>
    phaseOf(
      pod.type,
      'serial',
      Array.from({ length: pod.count }, (_, index) => deployStep(service, session, pod, index)),
    ),
  );
  return planOf('deploy', 'serial', phases, service.errors);
}

function deployStep(service: Service, session: Session, pod: PodSpec, index: number): Step {
  const instance = podInstanceName(pod.type, index);
  const tasks = pod.tasks.map((task) => task.name);
  const name = stepName(instance, tasks);
  const statuses = pod.tasks.map((task) =>
    deployStatus(service.tasks.get(taskName(pod.type, index, task.name)), task, service.targetId),
  );
  const status = shown(leastAdvanced(statuses), name, session);
  const step = { name, status, podType: pod.type, podIndex: index, tasks };
  if (status !== 'PENDING' && status !== 'PREPARED') return step;
  const requirement = { pod, index, tasks, spec: targetOf(service), configId: service.targetId };
  // Given up by an operator before it was ever ready: built anew elsewhere, still in its turn.
  return isGivenUp(service, pod, index)
    ? { ...step, requirement: { ...requirement, recovery: 'PERMANENT' } }
    : { ...step, requirement };
}

function isGivenUp(service: Service, pod: PodSpec, index: number): boolean {
  return pod.tasks.some((task) => {
    const record = service.tasks.get(taskName(pod.type, index, task.name));
    return record !== undefined && isPermanentlyFailed(record);
  });
}

/** A pending step that looks for a place, and was told why it has none, is PREPARED. */
export function shown(status: StepStatus, name: string, session: Session): StepStatus {
  return status === 'PENDING' && session.explanations.has(name) ? 'PREPARED' : status;
}

/** How far one task is on its way to its goal under the target. */
export function deployStatus(record: TaskRecord | undefined, task: TaskSpec, targetId: string): StepStatus {
  if (!record) return 'PENDING';
  const { reached } = record.progress;
  if (reached === targetId || (task.goal === 'ONCE' && reached !== undefined)) return 'COMPLETE';
  if (!wasLaunched(record) || isPermanentlyFailed(record)) return 'PENDING';
  if (configOf(record) !== targetId || isDown(record)) return 'PENDING';
  return launchStatus(record);
}

/** How far a living launch is. */
export function launchStatus(record: TaskRecord): StepStatus {
  const state = record.status?.state;
  return state === 'TASK_STAGING' || state === 'TASK_STARTING' ? 'STARTING' : 'STARTED';
}
