/**
 * Networks of a pod (svc-yml 3.4). Promises one answer to the question that everything else follows from: whether the numbers of
 * its ports are the agent's.
 */
import type { NetworkInfo } from '../../../kit/mesos.ts';
import type { NetworkSpec, PodSpec } from '../../../spec/service.ts';
import { sortedLabels } from '../record.ts';

/** The one network that maps ports of the agent to ports of its containers. */
export function mapsPorts({ name }: Pick<NetworkInfo, 'name'>): boolean {
  return name === 'mesos-bridge';
}

/** Whether its ports are ports of the agent, to be reserved: on the host's network, or mapped. */
export function usesHostPorts(pod: PodSpec): boolean {
  return pod.networks.length === 0 || pod.networks.some(mapsPorts);
}

/** Where the cluster's load balancer finds a port; on the host's own network it needs no telling. */
export function networkScope(pod: PodSpec): 'host' | 'container' | undefined {
  if (pod.networks.length === 0) return undefined;
  return usesHostPorts(pod) ? 'host' : 'container';
}

/** What the executor joins; `numbers` are those of all ports of the pod instance. */
export function networkInfos(pod: PodSpec, numbers: readonly number[]): NetworkInfo[] {
  return pod.networks.map((network) => {
    const mappings = portMappings(network, numbers);
    const labels = sortedLabels(Object.entries(network.labels).map(([key, value]) => ({ key, value })));
    return {
      name: network.name,
      ...(mappings.length > 0 ? { port_mappings: mappings } : {}),
      ...(labels.length > 0 ? { labels: { labels } } : {}),
    };
  });
}

/** What the definition says, then every other port to itself. */
function portMappings(network: NetworkSpec, numbers: readonly number[]): NonNullable<NetworkInfo['port_mappings']> {
  const written = network.portMappings.map((pair) => ({
    host_port: pair.hostPort,
    container_port: pair.containerPort,
  }));
  const others = new Set(mapsPorts(network) ? numbers : []);
  for (const { host_port } of written) others.delete(host_port);
  return [...written, ...[...others].map((number) => ({ host_port: number, container_port: number }))];
}
