/** What we are to Mesos: the FrameworkInfo of a SUBSCRIBE (scheduler-behaviour 1.4, 1.5). Promises the same words at every start. */
import { assert } from '../kit/assert.ts';
import type { Call, FrameworkInfo } from '../kit/mesos-call.ts';
import type { ServiceSpec } from '../spec/service.ts';
import { type State, targetOf } from './state.ts';

const TWO_WEEKS_SECONDS = 1_209_600;

type Capability = NonNullable<FrameworkInfo['capabilities']>[number];

export function frameworkInfo(state: State): FrameworkInfo {
  const first = [...state.services.values()][0];
  assert(first, 'a framework without a service');
  const spec = targetOf(first);
  const roles = [...rolesOf(state)];
  return {
    user: spec.user,
    name: spec.name,
    ...(state.frameworkId ? { id: { value: state.frameworkId } } : {}),
    failover_timeout: TWO_WEEKS_SECONDS,
    checkpoint: true,
    // Mesos takes one of these forms only, each with or without the capability (trace 13: a running framework may change over).
    ...(roles.length === 1 ? { role: roles[0] } : { roles }),
    principal: spec.principal,
    ...(spec.webUrl ? { webui_url: spec.webUrl } : {}),
    capabilities: capabilities(state, roles.length > 1),
  };
}

/**
 * The roles of our reservations: what we subscribe to, and what we take for ours in offers. Those of a pod that has left the target
 * stay as long as a task refers to the configuration that had it: Mesos offers a reservation to its own role only.
 */
export function rolesOf(state: State): ReadonlySet<string> {
  const services = [...state.services.values()];
  return new Set(services.flatMap((service) => [targetOf(service), ...service.configs.values()]).flatMap(rolesIn));
}

export function subscribeCall(state: State): Call {
  return {
    ...(state.frameworkId ? { framework_id: { value: state.frameworkId } } : {}),
    type: 'SUBSCRIBE',
    subscribe: { framework_info: frameworkInfo(state) },
  };
}

/** The service's own, and one below each role that its pods take statically reserved resources from. */
function rolesIn({ role, pods }: ServiceSpec): string[] {
  const refined = pods.flatMap(({ preReservedRole }) => (preReservedRole ? [`${preReservedRole}/${role}`] : []));
  return [role, ...refined];
}

/** Mesos offers agents with GPUs only to those who ask for them: who needs none leaves them to others. */
function capabilities(state: State, multiRole: boolean): Capability[] {
  const targets = [...state.services.values()].map(targetOf);
  const usesGpus = targets.some(({ pods }) =>
    pods.some(({ tasks }) => tasks.some((task) => task.resourceSet.gpus > 0)),
  );
  return [
    { type: 'PARTITION_AWARE' },
    { type: 'RESERVATION_REFINEMENT' },
    ...(usesGpus ? [{ type: 'GPU_RESOURCES' } as const] : []),
    ...(state.settings.regionAware ? [{ type: 'REGION_AWARE' } as const] : []),
    ...(multiRole ? [{ type: 'MULTI_ROLE' } as const] : []),
  ];
}
