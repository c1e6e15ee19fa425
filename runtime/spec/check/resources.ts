/**
 * Rules of what a pod instance reserves: its resource sets, and the resources of tasks that name no set. Promises to count each
 * once; never looks at whether agents have as much.
 */
import { Mistake } from '../catalogue.ts';
import type { PodDefinition, PortDefinition, ResourceSetDefinition } from '../definition.ts';
import { dotted, pointerTo } from '../pointer.ts';
import { type Objection, repeats } from './objection.ts';
import { taskVolumeObjections } from './volumes.ts';

export interface Reserved {
  readonly resources: ResourceSetDefinition;
  readonly pointer: string;
}

export function reservedBy(type: string, pod: PodDefinition): Reserved[] {
  const sets = Object.entries(pod['resource-sets']).map(([id, resources]) => ({
    resources,
    pointer: pointerTo('pods', type, 'resource-sets', id),
  }));
  const own = Object.entries(pod.tasks).filter(([, task]) => task['resource-set'] === '');
  return [
    ...sets,
    ...own.map(([name, task]) => ({ resources: task, pointer: pointerTo('pods', type, 'tasks', name) })),
  ];
}

interface PlacedPort {
  readonly name: string;
  readonly port: PortDefinition;
  readonly pointer: string;
}

function portsOf({ resources, pointer }: Reserved): PlacedPort[] {
  return Object.entries(resources.ports ?? {}).map(([name, port]) => ({
    name,
    port,
    pointer: pointer + pointerTo('ports', name),
  }));
}

/** All sets of an instance are reserved on one agent, so a number can be had once. */
export function repeatedPorts(type: string, pod: PodDefinition): Objection[] {
  return repeats(
    reservedBy(type, pod).flatMap(portsOf),
    ({ port }) => (port.port === 0 ? undefined : String(port.port)),
    ({ port, pointer }) => ({
      finding: Mistake.DuplicatePort(String(port.port), type),
      pointer: `${pointer}/port`,
    }),
  );
}

export function resourceObjections(resources: ResourceSetDefinition, pointer: string): Objection[] {
  const ports = portsOf({ resources, pointer });
  const names = new Set(ports.map(({ name }) => name));
  const { cpus, gpus, memory } = resources;
  const nothing = cpus === undefined && gpus === undefined && memory === undefined && ports.length === 0;
  return [
    ...(nothing ? [{ finding: Mistake.NoResources(dotted(pointer)), pointer, ofKey: true }] : []),
    ...taskVolumeObjections(resources, pointer),
    ...limitObjections(resources, pointer),
    ...repeats(
      ports,
      ({ port }) => port['env-key'] || undefined,
      ({ port, pointer: at }, first) => ({
        finding: Mistake.DuplicateVariable(port['env-key'] ?? '', `port ${first.name}`),
        pointer: `${at}/env-key`,
      }),
    ),
    ...ports.flatMap((port) => portObjections(port, names)),
  ];
}

function portObjections({ name, port, pointer }: PlacedPort, names: ReadonlySet<string>): Objection[] {
  const found: Objection[] = [];
  const prefix = port.vip?.prefix;
  if (prefix && prefix !== name && names.has(prefix)) {
    found.push({ finding: Mistake.ClashingVip(prefix), pointer: `${pointer}/vip/prefix` });
  }
  for (const [at, { begin, end }] of port.ranges.entries()) {
    if (end === 0 || begin <= end) continue;
    found.push({ finding: Mistake.BackwardRange(String(begin), String(end)), pointer: `${pointer}/ranges/${at}` });
  }
  if (port.port !== 0 && port.ranges.length > 0) {
    const finding = Mistake.IgnoredRanges(String(port.port));
    found.push({ finding, pointer: `${pointer}/ranges`, ofKey: true, warning: true });
  }
  return found;
}

function limitObjections(resources: ResourceSetDefinition, pointer: string): Objection[] {
  const limits = resources['resource-limits'];
  return (['cpus', 'memory'] as const).flatMap((key) => {
    // `unlimited` is no number, and less than nothing.
    const [limit, request] = [Number.parseFloat(limits?.[key] ?? ''), resources[key] ?? 0];
    if (!(limit < request)) return [];
    const what = key === 'cpus' ? 'cpus' : 'MB';
    const finding = Mistake.LimitBelowRequest(what, String(limit), String(request));
    return [{ finding, pointer: `${pointer}/resource-limits/${key}` }];
  });
}
