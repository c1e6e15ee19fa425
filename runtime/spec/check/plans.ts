/**
 * What the schema cannot say about plans (svc.yml section 3.20): names that mean something, and steps that the pods can carry out.
 * Promises every mistake at the word to change; never repeats what the schema found.
 */
import { Mistake } from '../catalogue.ts';
import type { PhaseDefinition, PodDefinition } from '../definition.ts';
import type { Suggest } from '../nearest.ts';
import { pointerTo } from '../pointer.ts';
import { type Finding, shortened } from '../problem.ts';
import type { SoundPart } from '../sound.ts';
import { type Conflict, conflictOf } from './conflict.ts';
import type { Objection } from './objection.ts';

/** Made by the scheduler itself. */
const BUILT_IN: readonly string[] = ['recovery', 'decommission'];

export function planObjections({ pods, podTypes, plans }: SoundPart, suggest: Suggest): Objection[] {
  if (!plans) return [];
  const names = Object.keys(plans);
  if (names.length === 0) return Object.entries(pods).flatMap(([type, pod]) => defaultStepObjections(type, pod));
  const noDeploy = { finding: Mistake.NoDeployPlan(suggest('deploy', names)), pointer: '/plans', ofKey: true };
  return [
    ...(names.includes('deploy') ? [] : [noDeploy]),
    ...names
      .filter((name) => BUILT_IN.includes(name))
      .map((name) => ({ finding: Mistake.BuiltInPlan(name), pointer: pointerTo('plans', name), ofKey: true })),
    ...Object.entries(plans).flatMap(([plan, { phases }]) =>
      Object.entries(phases).flatMap(([name, phase]) =>
        Object.hasOwn(pods, phase.pod)
          ? phaseObjections(
              name,
              phase,
              pods[phase.pod] as PodDefinition,
              pointerTo('plans', plan, 'phases', name),
              suggest,
            )
          : [unknownPod(phase.pod, podTypes, pointerTo('plans', plan, 'phases', name, 'pod'), suggest)],
      ),
    ),
  ];
}

/** Without plans every instance has one step with all its tasks. */
function defaultStepObjections(type: string, pod: PodDefinition): Objection[] {
  const conflict = conflictOf(pod, Object.keys(pod.tasks));
  if (!conflict) return [];
  const pointer = pointerTo('pods', type, 'tasks', conflict.second, ...conflict.field);
  return [{ finding: apart(conflict, Mistake.SharedSetWithoutPlan), pointer }];
}

/** `ofSet`: how it is said of tasks that share a resource set. */
function apart(
  { first, second, set, prefix }: Conflict,
  ofSet: (first: string, second: string, set: string) => Finding,
): Finding {
  return set === undefined ? Mistake.SharedName(first, second, prefix) : ofSet(first, second, set);
}

function unknownPod(type: string, known: readonly string[], pointer: string, suggest: Suggest): Objection {
  return { finding: Mistake.UnknownPod(type, suggest(type, known), listed(known)), pointer };
}

function listed(names: readonly string[]): string {
  return shortened(names.slice(0, 10).join(', '));
}

function phaseObjections(
  name: string,
  phase: PhaseDefinition,
  pod: PodDefinition,
  pointer: string,
  suggest: Suggest,
): Objection[] {
  if (phase.steps.length === 0) {
    const conflict = conflictOf(pod, Object.keys(pod.tasks));
    return conflict ? [{ finding: apart(conflict, Mistake.SharedSetInPhase), pointer, ofKey: true }] : [];
  }
  return [
    ...indexObjections(name, phase, pod, `${pointer}/steps`),
    ...phase.steps.flatMap((entry, at) =>
      Object.entries(entry).flatMap(([key, steps]) =>
        steps.flatMap((tasks, step) =>
          stepObjections(phase.pod, pod, tasks, `${pointer}/steps/${at}/${key}/${step}`, suggest),
        ),
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

function stepObjections(
  type: string,
  pod: PodDefinition,
  tasks: readonly string[],
  pointer: string,
  suggest: Suggest,
): Objection[] {
  const known = Object.keys(pod.tasks);
  const unknown = [...tasks.entries()]
    .filter(([, task]) => !Object.hasOwn(pod.tasks, task))
    .map(([at, task]) => ({
      finding: Mistake.UnknownTask(task, type, suggest(task, known), listed(known)),
      pointer: `${pointer}/${at}`,
    }));
  const conflict = conflictOf(pod, tasks);
  if (!conflict) return unknown;
  const at = tasks.indexOf(conflict.second);
  return [...unknown, { finding: apart(conflict, Mistake.SharedSetInStep), pointer: `${pointer}/${at}` }];
}
