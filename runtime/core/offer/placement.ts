/**
 * Placement rules: where the next instance of a pod type may go. Rules hold for new and replaced instances only; a relaunch in
 * place is never checked again (svc-yml 5.4). Instances are counted, not tasks: a pod of two tasks weighs as much as one of one.
 */
import { assert } from '../../kit/assert.ts';
import type { PlacementRule, PodSpec } from '../../spec/service.ts';
import type { Service } from '../state.ts';
import { podInstanceName } from '../tasks/name.ts';
import { labelOf, podOf } from '../tasks/record.ts';
import type { Reason } from './match.ts';

/** Why this agent may not take `pod-index`, or undefined when it may. */
export function refusal(
  rule: PlacementRule,
  service: Service,
  pod: PodSpec,
  index: number,
  agent: { agentId: string; hostname: string },
): Reason | undefined {
  assert(rule.kind === 'max-per', 'a rule that the reader makes');
  const here = new Set<string>();
  for (const record of service.tasks.values()) {
    const other = podOf(record.info);
    if (other?.type !== pod.type || other.index === index) continue;
    if (labelOf(record.info, 'offer_hostname') === agent.hostname) here.add(podInstanceName(other.type, other.index));
  }
  if (here.size + 1 <= rule.max) return undefined;
  return {
    agent: agent.hostname,
    need: `placement ${rule.max === 1 ? 'hostname:UNIQUE' : `hostname:MAX_PER:${rule.max}`}`,
    wanted: `at most ${rule.max} of ${pod.type} on a host`,
    had: [...here].sort().join(', '),
  };
}
