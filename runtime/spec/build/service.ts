/** A checked definition as a ServiceSpec: units, derived names, defaults. Promises to be total: every mistake was found before. */
import type { Definition, ReplacementFailurePolicyDefinition } from '../definition.ts';
import { principalOf } from '../names.ts';
import type { ReplacementPolicy, ServiceSpec } from '../service.ts';
import { podOf } from './pod.ts';
import type { Surroundings } from './surroundings.ts';

export function build(service: Definition, surroundings: Surroundings): ServiceSpec {
  const { name, scheduler } = service;
  const { role, region } = surroundings;
  const user = scheduler.user || 'root';
  const replacement = service['replacement-failure-policy'];
  const maskedEnv = service['masked-env'];
  return {
    name,
    role,
    principal: scheduler.principal || principalOf(name),
    user,
    zookeeper: scheduler.zookeeper || 'master.mesos:2181',
    ...(service['web-url'] ? { webUrl: service['web-url'] } : {}),
    ...(region ? { region } : {}),
    pods: Object.entries(service.pods).map(([type, pod]) => podOf(type, pod, user, surroundings)),
    ...(maskedEnv.length > 0 ? { maskedEnv } : {}),
    ...(replacement ? { replacement: replacementOf(replacement) } : {}),
  };
}

function replacementOf(policy: ReplacementFailurePolicyDefinition): ReplacementPolicy {
  return {
    permanentFailureTimeoutSeconds: policy['permanent-failure-timeout-secs'],
    minReplaceDelaySeconds: policy['min-replace-delay-secs'],
  };
}
