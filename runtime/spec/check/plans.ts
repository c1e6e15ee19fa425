/**
 * What the schema cannot say about plans (svc.yml section 3.20): names that mean something, and steps that the pods can carry out.
 * Promises every mistake at the word to change; never repeats what the schema found.
 */
import { Mistake } from './catalogue.ts';
import type { Objection } from './check.ts';
import type { PhaseDefinition, PodDefinition } from './definition.ts';
import { nearest } from './nearest.ts';
import { pointerTo } from './pointer.ts';
import { shortened } from './problem.ts';
import type { SoundPart } from './sound.ts';

/** Made by the scheduler itself. */
const BUILT_IN: readonly string[] = ['recovery', 'decommission'];

export function planObjections({ pods, podTypes, plans }: SoundPart): Objection[] {
  if (!plans) return [];
  const names = Object.keys(plans);
  if (names.length === 0) return Object.entries(pods).flatMap(([type, pod]) => defaultStepObjections(type, pod));
  const noDeploy = { finding: Mistake.NoDeployPlan(nearest('deploy', names)), pointer: '/plans', ofKey: true };
  return [
    ...(names.includes('deploy') ? [] : [noDeploy]),
    ...names
      .filter((name) => BUILT_IN.includes(name))
      .map((name) => ({ finding: Mistake.BuiltInPlan(name), pointer: pointerTo('plans', name), ofKey: true })),
    ...Object.entries(plans).flatMap(([plan, { phases }]) =>
      Object.entries(phases).flatMap(([name, phase]) =>
        Object.hasOwn(pods, phase.pod)
          ? phaseObjections(name, phase, pods[phase.pod] as PodDefinition, pointerTo('plans', plan, 'phases', name))
          : [unknownPod(phase.pod, podTypes, pointerTo('plans', plan, 'phases', name, 'pod'))],
      ),
    ),
  ];
}

/** Without plans every instance has one step with all its tasks. */
function defaultStepObjections(type: string, pod: PodDefinition): Objection[] {
  const shared = sharing(pod, Object.keys(pod.tasks));
  if (!shared) return [];
  const { first, second, set } = shared;
  const pointer = pointerTo('pods', type, 'tasks', second, 'resource-set');
  return [{ finding: Mistake.SharedSetWithoutPlan(first, second, set), pointer }];
}

function unknownPod(type: string, known: readonly string[], pointer: string): Objection {
  return { finding: Mistake.UnknownPod(type, nearest(type, known), listed(known)), pointer };
}

function listed(names: readonly string[]): string {
  return shortened(names.slice(0, 10).join(', '));
}

function phaseObjections(name: string, phase: PhaseDefinition, pod: PodDefinition, pointer: string): Objection[] {
  if (phase.steps.length === 0) {
    const shared = sharing(pod, Object.keys(pod.tasks));
    if (!shared) return [];
    return [{ finding: Mistake.SharedSetInPhase(shared.first, shared.second, shared.set), pointer, ofKey: true }];
  }
  return [
    ...indexObjections(name, phase, pod, `${pointer}/steps`),
    ...phase.steps.flatMap((entry, at) =>
      Object.entries(entry).flatMap(([key, steps]) =>
        steps.flatMap((tasks, step) => stepObjections(phase.pod, pod, tasks, `${pointer}/steps/${at}/${key}/${step}`)),
      ),
    ),
  ];
}

/** Every instance has steps, and has them once. */
function indexObjections(name: string, { steps }: PhaseDefinition, pod: PodDefinition, pointer: string): Objection[] {
  const found: Objection[] = [];
  const keys = new Set<string>();
  for (const [at, entry] of steps.entries()) {
    for (const key of Object.keys(entry)) {
      if (keys.has(key)) {
        found.push({ finding: Mistake.RepeatedSteps(key, name), pointer: `${pointer}/${at}/${key}`, ofKey: true });
      }
      keys.add(key);
    }
  }
  if (keys.has('default')) return found;
  const missing = Array.from({ length: pod.count }, (_, index) => String(index)).find((index) => !keys.has(index));
  if (missing !== undefined) found.push({ finding: Mistake.MissingSteps(missing, name), pointer, ofKey: true });
  return found;
}

function stepObjections(type: string, pod: PodDefinition, tasks: readonly string[], pointer: string): Objection[] {
  const known = Object.keys(pod.tasks);
  const all = listed(known);
  const unknown = [...tasks.entries()]
    .filter(([, task]) => !Object.hasOwn(pod.tasks, task))
    .map(([at, task]) => ({
      finding: Mistake.UnknownTask(task, type, nearest(task, known), all),
      pointer: `${pointer}/${at}`,
    }));
  const shared = sharing(pod, tasks);
  if (!shared) return unknown;
  const { first, second, set } = shared;
  const finding = Mistake.SharedSetInStep(first, second, set);
  return [...unknown, { finding, pointer: `${pointer}/${tasks.indexOf(second)}` }];
}

/** The first two of the tasks that use one resource set, and so never run together. */
function sharing(
  pod: PodDefinition,
  tasks: readonly string[],
): { first: string; second: string; set: string } | undefined {
  const users = new Map<string, string>();
  for (const second of tasks) {
    const set = (Object.hasOwn(pod.tasks, second) && pod.tasks[second]?.['resource-set']) || '';
    if (!Object.hasOwn(pod['resource-sets'], set)) continue;
    const first = users.get(set);
    if (first !== undefined) return { first, second, set };
    users.set(set, second);
  }
  return undefined;
}
