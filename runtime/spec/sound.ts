/**
 * The part of a definition in which every field makes sense: only there are rules between fields checked. Promises that a mistaken
 * field neither hides a mistake elsewhere nor is reported again through what follows from it.
 */
import type { Definition, EndpointDefinition, PhaseDefinition, PlanDefinition, PodDefinition } from './definition.ts';
import { pointerTo } from './pointer.ts';

export interface SoundPart {
  /** Empty when it is wrong itself. */
  readonly name: string;
  readonly pods: Readonly<Record<string, PodDefinition>>;
  /** Of all pods, the others too. */
  readonly podTypes: readonly string[];
  readonly endpoints: Readonly<Record<string, EndpointDefinition>>;
  /** With their sound phases of sound or unknown pods; absent when the plans cannot be told. */
  readonly plans?: Readonly<Record<string, PlanDefinition>>;
}

/** `broken`: the pointers of the mistakes that were found. */
export function soundPart(service: Partial<Definition>, broken: readonly string[]): SoundPart {
  const wrong = new Set(broken);
  const touched = new Set(broken.flatMap(withParents));
  const { name = '', pods: allPods = {}, plans: allPlans = {}, endpoints = {} } = service;
  const podsKnown = service.pods !== undefined && !wrong.has('/pods');
  const pods = podsKnown ? kept(allPods, (type) => !touched.has(pointerTo('pods', type))) : {};

  const isSound = (plan: string, phase: string, { pod }: PhaseDefinition) =>
    !touched.has(pointerTo('plans', plan, 'phases', phase)) &&
    (Object.hasOwn(pods, pod) || !Object.hasOwn(allPods, pod));
  const soundPlan = (plan: string, definition: PlanDefinition): PlanDefinition => {
    const phases = wrong.has(pointerTo('plans', plan, 'phases')) ? {} : (definition.phases ?? {});
    return { ...definition, phases: kept(phases, (phase, body) => isSound(plan, phase, body)) };
  };
  const plans = Object.entries(wrong.has('/plans') ? {} : allPlans).map(
    ([plan, definition]) => [plan, soundPlan(plan, definition)] as const,
  );
  return {
    name: touched.has('/name') ? '' : name,
    pods,
    podTypes: Object.keys(allPods),
    endpoints: wrong.has('/endpoints') ? {} : kept(endpoints, (name) => !touched.has(pointerTo('endpoints', name))),
    ...(podsKnown && !wrong.has('/plans') ? { plans: Object.fromEntries(plans) } : {}),
  };
}

function kept<T>(map: Readonly<Record<string, T>>, keep: (key: string, value: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(map).filter(([key, value]) => keep(key, value)));
}

/** `/a/b/c`, `/a/b`, `/a`. */
function withParents(pointer: string): string[] {
  const parts = pointer.split('/');
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}
