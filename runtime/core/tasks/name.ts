/** Names and ids in the field's formats (svc-yml 4.1, 4.6). Promises exact text; what is read back never throws. */

export interface PodInstance {
  readonly type: string;
  readonly index: number;
}

/** `data-0` read back; the index follows the last dash. */
export function parsePodInstance(name: string): PodInstance {
  const dash = name.lastIndexOf('-');
  return { type: name.slice(0, dash), index: Number(name.slice(dash + 1)) };
}

/** `data-0` */
export function podInstanceName(type: string, index: number): string {
  return `${type}-${index}`;
}

/** `data-0-node` */
export function taskName(type: string, index: number, task: string): string {
  return `${type}-${index}-${task}`;
}

/** `/path/to/svc` -> `path.to.svc` */
export function sanitized(service: string): string {
  return service.replace(/^\/+|\/+$/g, '').replaceAll('/', '.');
}

/** `data-store__data-0-node__<uuid>` */
export function taskId(service: string, task: string, uuid: string): string {
  return `${sanitized(service)}__${task}__${uuid}`;
}

/** `data-store__data__<uuid>`: the pod type only, no index. */
export function executorId(service: string, podType: string, uuid: string): string {
  return `${sanitized(service)}__${podType}__${uuid}`;
}

/** The parts of a task id, read from the right; ids of old versions lack the service. Undefined when it is none of ours. */
export function parseTaskId(id: string): { service?: string; task: string } | undefined {
  const parts = id.split('__');
  const [task, uuid] = [parts.at(-2), parts.at(-1)];
  if (!task || !uuid) return undefined;
  return parts.length === 2 ? { task } : { service: parts.slice(0, -2).join('__'), task };
}

/** `data-0-node.data-store.autoip.dcos.thisdcos.directory`: what the cluster's DNS calls a task. */
export function autoIpName(name: string, service: string, tld: string): string {
  const segments = name.replace(/^\/+|\/+$/g, '').split('/');
  return `${segments.reverse().join('-').replaceAll('.', '-')}.${frameworkHost(service, tld)}`;
}

/** The part after the task's own label: dots become dashes, slashes vanish. */
export function frameworkHost(service: string, tld: string): string {
  return `${service.replaceAll('/', '').replaceAll('.', '-')}.${tld}`;
}

/** `data-0-node.data-store`: the subject of a task's certificate. X.509 takes 64 characters; the last ones tell most. */
export function commonName(task: string, service: string): string {
  const label = (name: string) => name.replaceAll('/', '').replaceAll('.', '-');
  return `${label(task)}.${label(service)}`.slice(-64);
}

/** As `frameworkHost`, for VIPs: dots stay. */
export function frameworkVipHost(service: string, tld: string): string {
  return `${service.replaceAll('/', '')}.${tld}`;
}

/** `data.data-store.l4lb.thisdcos.directory`: what the cluster's load balancer calls a virtual address. */
export function vipName(name: string, service: string, tld: string): string {
  return `${name.replaceAll('/', '')}.${frameworkVipHost(service, tld)}`;
}
