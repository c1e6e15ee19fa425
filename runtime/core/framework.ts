/** What we are to Mesos: the FrameworkInfo of a SUBSCRIBE (scheduler-behaviour 1.4, 1.5). Promises the same words at every start. */
import { assert } from '../kit/assert.ts';
import type { Call, FrameworkInfo } from '../kit/mesos.ts';
import { type State, targetOf } from './state.ts';

const TWO_WEEKS_SECONDS = 1_209_600;

export function frameworkInfo(state: State): FrameworkInfo {
  const first = [...state.services.values()][0];
  assert(first, 'a framework without a service');
  const spec = targetOf(first);
  return {
    user: spec.user,
    name: spec.name,
    ...(state.frameworkId ? { id: { value: state.frameworkId } } : {}),
    failover_timeout: TWO_WEEKS_SECONDS,
    checkpoint: true,
    role: spec.role,
    principal: spec.principal,
    ...(spec.webUrl ? { webui_url: spec.webUrl } : {}),
    capabilities: [{ type: 'PARTITION_AWARE' }, { type: 'RESERVATION_REFINEMENT' }],
  };
}

export function subscribeCall(state: State): Call {
  return {
    ...(state.frameworkId ? { framework_id: { value: state.frameworkId } } : {}),
    type: 'SUBSCRIBE',
    subscribe: { framework_info: frameworkInfo(state) },
  };
}
