/**
 * Where clients of the service connect: the advertised ports of its tasks (http-api 4). Promises addresses as Mesos reported them
 * last, in the order of the instances.
 */

import type { Service, TaskRecord } from '../../core/state.ts';
import { frameworkHost } from '../../core/tasks/name.ts';
import { labelOf, podOf, wasLaunched } from '../../core/tasks/record.ts';
import type { Port } from '../../kit/mesos.ts';

export interface EndpointBody {
  /** `10.0.1.17:9042` */
  readonly address: readonly string[];
  /** `data-0-node.data-store.autoip.dcos.thisdcos.directory:9042` */
  readonly dns: readonly string[];
}

export function endpointNames(service: Service): string[] {
  return [...new Set(advertised(service).map(({ port }) => port.name ?? ''))].sort();
}

/** Undefined when no launched task advertises a port of this name. */
export function endpointBody(service: Service, name: string, serviceTld: string): EndpointBody | undefined {
  const found = advertised(service).filter(({ port }) => port.name === name);
  if (found.length === 0) return undefined;
  const domain = frameworkHost(service.name, serviceTld);
  return {
    address: found.map(({ record, port }) => `${hostOf(record)}:${port.number}`),
    dns: found.map(({ record, port }) => `${record.info.discovery?.name ?? record.info.name}.${domain}:${port.number}`),
  };
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

/** The address that Mesos reported; until it has, the agent's host name. Several are written as a list. */
function hostOf(record: TaskRecord): string {
  const networks = record.status?.container_status?.network_infos ?? [];
  const ips = networks.flatMap((network) =>
    (network.ip_addresses ?? []).flatMap((address) => address.ip_address ?? []),
  );
  const [first, ...others] = ips;
  if (first === undefined) return labelOf(record.info, 'offer_hostname') ?? '';
  return others.length === 0 ? first : `[${ips.join(', ')}]`;
}
