/**
 * Where clients of the service connect: the advertised ports of its tasks (http-api 4). Promises addresses as Mesos reported them
 * last, in the order of the instances.
 */

import type { Service, Settings, TaskRecord } from '../../core/state.ts';
import { mapsPorts } from '../../core/tasks/launch/network.ts';
import { autoIpName, vipName } from '../../core/tasks/name.ts';
import { labelOf, podOf, wasLaunched } from '../../core/tasks/record.ts';
import type { Port } from '../../kit/mesos.ts';

export interface EndpointBody {
  /** `10.0.1.17:9042` */
  readonly address: readonly string[];
  /** `data-0-node.data-store.autoip.dcos.thisdcos.directory:9042` */
  readonly dns: readonly string[];
  /** `data.data-store.l4lb.thisdcos.directory:9042`: the cluster's load balancer, for ports that have a virtual address. */
  readonly vip?: string;
}

/** Those of ports, and those that the definition has as text. */
export function endpointNames(service: Service): string[] {
  const ports = advertised(service).map(({ port }) => port.name ?? '');
  return [...new Set([...ports, ...Object.keys(service.endpoints)])].sort();
}

/** Undefined when no launched task advertises a port of this name. */
export function endpointBody(
  service: Service,
  name: string,
  { serviceTld, vipTld }: Pick<Settings, 'serviceTld' | 'vipTld'>,
): EndpointBody | undefined {
  const found = advertised(service).filter(({ port }) => port.name === name);
  if (found.length === 0) return undefined;
  const vip = found.map(({ port }) => vipOf(port)).find((known) => known !== undefined);
  return {
    address: found.map(({ record, port }) => `${hostOf(record)}:${port.number}`),
    dns: found.map(({ record, port }) => `${autoIpName(dnsNameOf(record), service.name, serviceTld)}:${port.number}`),
    ...(vip ? { vip: `${vipName(vip.name, service.name, vipTld)}:${vip.port}` } : {}),
  };
}

/** What the cluster's DNS calls a task, before the name of the service. */
export function dnsNameOf({ info }: TaskRecord): string {
  return info.discovery?.name ?? info.name;
}

/** The virtual address as the port's label has it: `<name>:<port>` under `VIP_<uuid>`. */
function vipOf({ labels }: Port): { name: string; port: string } | undefined {
  const value = labels?.labels?.find(({ key }) => key.startsWith('VIP_'))?.value;
  const colon = value?.lastIndexOf(':') ?? -1;
  return value && colon >= 0 ? { name: value.slice(0, colon), port: value.slice(colon + 1) } : undefined;
}

function advertised(service: Service): { record: TaskRecord; port: Port }[] {
  return [...service.tasks.values()]
    .filter(wasLaunched)
    .sort((a, b) => indexOf(a) - indexOf(b) || (a.info.name < b.info.name ? -1 : 1))
    .flatMap((record) =>
      (record.info.discovery?.ports?.ports ?? [])
        .filter((port) => port.visibility === 'EXTERNAL')
        .map((port) => ({ record, port })),
    );
}

function indexOf(record: TaskRecord): number {
  return podOf(record.info)?.index ?? 0;
}

/** Several addresses are written as a list. */
function hostOf(record: TaskRecord): string {
  const [first = '', ...others] = addressesOf(record);
  return others.length === 0 ? first : `[${[first, ...others].join(', ')}]`;
}

/**
 * Where a task can be reached: the addresses that Mesos reported; until it has, and where the agent maps its own ports to those of
 * the container, the agent's host name.
 */
export function addressesOf({ info, status }: TaskRecord): readonly string[] {
  const mapped = info.executor?.container?.network_infos?.some(mapsPorts);
  const networks = mapped ? [] : (status?.container_status?.network_infos ?? []);
  const ips = networks.flatMap((network) =>
    (network.ip_addresses ?? []).flatMap((address) => address.ip_address ?? []),
  );
  if (ips.length > 0) return ips;
  const host = labelOf(info, 'offer_hostname');
  return host === undefined ? [] : [host];
}
