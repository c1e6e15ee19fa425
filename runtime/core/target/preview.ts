/**
 * The dry run before a change: what would be refused, restarted, launched and removed, in which order. Promises to use the very
 * rules by which the scheduler will decide, and to change nothing.
 */
import type { PlanSpecs, PodSpec, ServiceSpec } from '../../spec/service.ts';
import { chosenPlan } from '../plan/deploy.ts';
import { removalOrder } from '../plan/removal.ts';
import { slotsOf } from '../plan/slot.ts';
import { parsePodInstance, podInstanceName } from '../tasks/name.ts';
import { diff, type FieldChange } from './diff.ts';
import { isRolled } from './select.ts';
import { type Refusal, refusals } from './validate.ts';

export interface Preview {
  readonly changes: readonly FieldChange[];
  /** Anything here: the change is not taken, and the rest below is empty. */
  readonly refused: readonly Refusal[];
  /** Pod instances that would be ended and launched anew, in their order. */
  readonly restarted: readonly string[];
  /** Pod instances that would be launched for the first time, in their order. */
  readonly launched: readonly string[];
  /** Pod instances that would be removed, with their volumes, in their order. */
  readonly removed: readonly string[];
}

/** `running`: the pod instances that there are. Without an old configuration it is a first deployment. */
export function preview(
  old: ServiceSpec | undefined,
  next: ServiceSpec,
  plans: PlanSpecs,
  running: ReadonlySet<string>,
): Preview {
  const changes = diff(old, next);
  // Whether there is a service account only the scheduler's own environment tells.
  const refused = refusals(old, next, running, { hasServiceAccount: true });
  if (refused.length > 0) return { changes, refused, restarted: [], launched: [], removed: [] };
  const order = instancesInOrder(next, plans);
  const rolled = new Set(next.pods.filter((pod) => old && isRolled(podOf(old, pod.type), pod)).map((pod) => pod.type));
  const restarted = order.filter(({ name, type }) => running.has(name) && rolled.has(type)).map(({ name }) => name);
  const launched = order.filter(({ name }) => !running.has(name)).map(({ name }) => name);
  const wanted = new Set(next.pods.flatMap((pod) => instancesOf(pod)));
  const leaving = [...running].filter((name) => !wanted.has(name)).map(parsePodInstance);
  const removed = leaving.sort(removalOrder(next.pods)).map(({ type, index }) => podInstanceName(type, index));
  return { changes, refused, restarted, launched, removed };
}

function podOf(spec: ServiceSpec, type: string): PodSpec | undefined {
  return spec.pods.find((pod) => pod.type === type);
}

function instancesOf(pod: PodSpec): string[] {
  return Array.from({ length: pod.count }, (_, index) => podInstanceName(pod.type, index));
}

/** The pod instances in the order in which the deploy plan comes to them. */
function instancesInOrder(spec: ServiceSpec, plans: PlanSpecs): { name: string; type: string }[] {
  const found = new Map<string, string>();
  for (const phase of chosenPlan(spec, plans, true).phases) {
    for (const { pod, index } of slotsOf(phase, spec)) found.set(podInstanceName(pod.type, index), pod.type);
  }
  return [...found].map(([name, type]) => ({ name, type }));
}
