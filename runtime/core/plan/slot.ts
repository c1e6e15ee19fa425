/**
 * Which steps a phase of a plan has and what they are called: one an instance with all tasks of the pod, or what the phase lists.
 * Promises what follows from the definition alone, worked out once; how far the steps are is their plan's business.
 */
import type { PhaseSpec, PlanSpec, PodSpec, ServiceSpec, TaskSpec } from '../../spec/service.ts';
import { podInstanceName, taskName } from '../tasks/name.ts';
import { type Step, type StepStatus, type StepWork, stepName, stepOn } from './plan.ts';

export interface Slot {
  /** Of the step: `data-0:[node]`. */
  readonly name: string;
  readonly pod: PodSpec;
  readonly index: number;
  /** Task spec names. */
  readonly tasks: readonly string[];
  /** The same as the names of tasks: `data-0-node`. */
  readonly taskNames: readonly string[];
  /** The same as the pod defines them; undefined is a name that it does not know. */
  readonly specs: readonly (TaskSpec | undefined)[];
  /** Steps that say the same in every frame, so that each is made once: without any work, and the launch under a target. */
  readonly steps: Map<StepStatus, Step>;
  readonly launches: Map<StepStatus, Launch>;
}

/** A step whose work is to launch what the slot is for. */
export type Launch = Step & { readonly work: Extract<StepWork, { kind: 'launch' }> };

/** The step without any work. */
export function stepIn(slot: Slot, status: StepStatus): Step {
  const known = slot.steps.get(status);
  if (known) return known;
  const { name, pod, index, tasks } = slot;
  const step = stepOn(pod.type, index, name, tasks, status);
  slot.steps.set(status, step);
  return step;
}

/** The step that launches it under this target. */
export function launchIn(slot: Slot, status: StepStatus, spec: ServiceSpec, configId: string): Launch {
  const known = slot.launches.get(status);
  if (known?.work.requirement.configId === configId) return known;
  const { pod, index, tasks } = slot;
  const requirement = { pod, index, tasks, spec, configId };
  const step: Launch = { ...stepIn(slot, status), work: { kind: 'launch', requirement } };
  slot.launches.set(status, step);
  return step;
}

/** None for a pod that the service does not have. */
export function slotsOf(phase: PhaseSpec, spec: ServiceSpec): readonly Slot[] {
  const known = slots.get(spec)?.get(phase);
  if (known) return known;
  const pod = spec.pods.find((candidate) => candidate.type === phase.pod);
  const made = pod ? workOut(phase, pod) : [];
  const ofSpec = slots.get(spec) ?? new WeakMap();
  slots.set(spec, ofSpec.set(phase, made));
  return made;
}

/** Neither is ever changed, and every frame asks for all steps of all plans. */
const slots = new WeakMap<ServiceSpec, WeakMap<PhaseSpec, readonly Slot[]>>();

/** The names of all tasks that a plan may launch. */
export function tasksOf(plan: PlanSpec, spec: ServiceSpec): ReadonlySet<string> {
  const known = tasks.get(spec)?.get(plan);
  if (known) return known;
  const made = new Set(plan.phases.flatMap((phase) => slotsOf(phase, spec).flatMap((slot) => slot.taskNames)));
  const ofSpec = tasks.get(spec) ?? new WeakMap();
  tasks.set(spec, ofSpec.set(plan, made));
  return made;
}

const tasks = new WeakMap<ServiceSpec, WeakMap<PlanSpec, ReadonlySet<string>>>();

function workOut(phase: PhaseSpec, pod: PodSpec): Slot[] {
  const all = [pod.tasks.map((task) => task.name)];
  return Array.from({ length: pod.count }, (_, index) => {
    const lists = phase.steps ? (phase.steps.byIndex[index] ?? phase.steps.otherwise ?? []) : all;
    return lists.map((tasks) => ({
      name: stepName(podInstanceName(pod.type, index), tasks),
      pod,
      index,
      tasks,
      taskNames: tasks.map((task) => taskName(pod.type, index, task)),
      specs: tasks.map((task) => pod.tasks.find((candidate) => candidate.name === task)),
      steps: new Map(),
      launches: new Map(),
    }));
  }).flat();
}
