/**
 * Which configurations are refused (scheduler-behaviour 1.3, svc-yml 6.2). A refused change leaves the service on its old target;
 * nothing that was stored or runs is touched.
 */
import type { ServiceSpec } from '../../spec/service.ts';
import type { Settings } from '../state.ts';
import { certificates, longName, lowLimits } from './validate/alone.ts';
import { networkChange, preReservedRoleChange, shrinking } from './validate/pod.ts';
import type { Refusal } from './validate/refusal.ts';
import { regionChange, roleChange, userChange } from './validate/service.ts';
import { volumeChanges } from './validate/volume.ts';

export { type Refusal, refusalText } from './validate/refusal.ts';

/**
 * Everything about a configuration, and about the step to it from the one before, that must not happen; empty when it may.
 * `instances`: the pod instances that there are; one that never came to be holds nothing, so it may go.
 */
export function refusals(
  old: ServiceSpec | undefined,
  next: ServiceSpec,
  instances: ReadonlySet<string>,
  settings: Pick<Settings, 'hasServiceAccount'>,
): Refusal[] {
  const alone = [...certificates(next, settings), ...lowLimits(next)];
  return old ? [...alone, ...changes(old, next, instances)] : [...alone, ...longName(next)];
}

function changes(old: ServiceSpec, next: ServiceSpec, instances: ReadonlySet<string>): Refusal[] {
  const pairs = next.pods.flatMap((after) => {
    const before = old.pods.find((pod) => pod.type === after.type);
    return before ? [[before, after] as const] : [];
  });
  return [
    ...userChange(old, next),
    ...roleChange(old, next),
    ...regionChange(old, next),
    ...shrinking(old, next, instances),
    ...pairs.flatMap((pair) => networkChange(...pair)),
    ...pairs.flatMap((pair) => preReservedRoleChange(...pair)),
    ...pairs.flatMap((pair) => volumeChanges(...pair)),
  ];
}
