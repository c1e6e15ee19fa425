/**
 * Placement: whether an agent may take an instance of a pod. Asked for new and replaced instances only; a relaunch in place is
 * never checked again, whatever became of the rule (svc-yml 5.4).
 */
import type { PlacementRule } from '../../spec/service.ts';
import type { Reason } from './match.ts';
import { unmetPart } from './placement-rules.ts';
import { placeOf, type Whereabouts } from './placement-values.ts';
import type { PlacementView } from './placement-view.ts';
import { reasonOf } from './placement-words.ts';

/** Whether the agent may take `pod-index`. An offer tells the agent's whereabouts. */
export function allows(
  rule: PlacementRule,
  view: PlacementView,
  podType: string,
  index: number,
  agent: Whereabouts,
): boolean {
  return unmetPart(rule, { view, podType, index, place: placeOf(agent) }) === undefined;
}

/** Why the agent may not take `pod-index`: the first part of the rule that does not hold. Undefined when it may. */
export function refusal(
  rule: PlacementRule,
  view: PlacementView,
  podType: string,
  index: number,
  agent: Whereabouts,
): Reason | undefined {
  const question = { view, podType, index, place: placeOf(agent) };
  const part = unmetPart(rule, question);
  return part && reasonOf(part, question, agent.hostname);
}
