/**
 * Which steps a phase of a plan has and what they are called: one an instance with all tasks of the pod, or what the phase lists.
 * Promises what follows from the definition alone, worked out once; how far the steps are is their plan's business.
 */
import type { PhaseSpec, PodSpec, ServiceSpec, TaskSpec } from '../../spec/service.ts';
import { podInstanceName, taskName } from '../tasks/name.ts';
import { stepName } from './plan.ts';

export interface Slot {
  /** Of the step: `data-0:[node]`. */
  readonly name: string;
  readonly pod: PodSpec;
  readonly index: number;
  /** Of the pod: `data-0`. */
  readonly instance: string;
  /** Task spec names. */
  readonly tasks: readonly string[];
  /** The same as the names of tasks: `data-0-node`. */
  readonly taskNames: readonly string[];
  /** The same as the pod defines them; undefined is a name that it does not know. */
  readonly specs: readonly (TaskSpec | undefined)[];
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

function workOut(phase: PhaseSpec, pod: PodSpec): Slot[] {
  const all = [pod.tasks.map((task) => task.name)];
  return Array.from({ length: pod.count }, (_, index) => {
    const lists = phase.steps ? (phase.steps.byIndex[index] ?? phase.steps.otherwise ?? []) : all;
    const instance = podInstanceName(pod.type, index);
    return lists.map((tasks) => ({
      name: stepName(instance, tasks),
      pod,
      index,
      instance,
      tasks,
      taskNames: tasks.map((task) => taskName(pod.type, index, task)),
      specs: tasks.map((task) => pod.tasks.find((candidate) => candidate.name === task)),
    }));
  }).flat();
}
