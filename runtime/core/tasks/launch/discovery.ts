/**
 * How a task is found: its name in the cluster's DNS, its ports and their load-balanced addresses (svc-yml 4.6). Promises labels that
 * stay the same from launch to launch, so that a load balancer sees one address and not a new one each time.
 */
import { nameUuid } from '../../../kit/digest.ts';
import type { DiscoveryInfo, Label, Port } from '../../../kit/mesos.ts';
import type { TaskSpec } from '../../../spec/service.ts';
import { taskName } from '../name.ts';
import { sortedLabels } from '../record.ts';
import type { AssignedPort, LaunchContext } from './context.ts';
import { networkScope } from './network.ts';

/** None for a task that asks for no discovery and has no port. */
export function discoveryOf(
  context: LaunchContext,
  task: TaskSpec,
  ports: readonly AssignedPort[],
): DiscoveryInfo | undefined {
  const { discovery } = task;
  if (!discovery && ports.length === 0) return undefined;
  // Without a prefix a task that asks for discovery has no name there, and DNS falls back to that of the task.
  const named = !discovery || discovery.prefix !== undefined;
  return {
    visibility: discovery?.visibility ?? 'CLUSTER',
    ...(named ? { name: dnsName(context, task) } : {}),
    ...(ports.length > 0 ? { ports: { ports: ports.map((port) => portOf(context, task, port)) } } : {}),
  };
}

/** The task's first label in DNS: `<prefix>-<index>`, or the task's name. */
export function dnsName({ pod, index }: Pick<LaunchContext, 'pod' | 'index'>, task: TaskSpec): string {
  const prefix = task.discovery?.prefix;
  return prefix === undefined ? taskName(pod.type, index, task.name) : `${prefix}-${index}`;
}

function portOf(context: LaunchContext, task: TaskSpec, port: AssignedPort): Port {
  return {
    number: port.number,
    name: port.name,
    protocol: 'tcp',
    visibility: port.advertise || port.vip ? 'EXTERNAL' : 'CLUSTER',
    ...(port.vip ? { labels: { labels: vipLabels(context, task, port, port.vip) } } : {}),
  };
}

function vipLabels(
  { spec, pod, index }: LaunchContext,
  task: TaskSpec,
  port: AssignedPort,
  vip: NonNullable<AssignedPort['vip']>,
): Label[] {
  const key = `VIP_${nameUuid([spec.name, taskName(pod.type, index, task.name), port.name].join('\n'))}`;
  const scope = networkScope(pod);
  return sortedLabels([
    { key, value: `${vip.name}:${vip.port}` },
    ...(scope ? [{ key: 'network-scope', value: scope }] : []),
  ]);
}
