/**
 * What the schema cannot say about a definition: rules between fields (svc.yml sections 3 and 6.2). Promises every mistake, each
 * at the pointer of the value to change; never repeats what the schema found.
 */
import { Mistake } from './catalogue.ts';
import type { Definition, PodDefinition, ResourcesDefinition, TaskDefinition, VolumeDefinition } from './definition.ts';
import { privateSetOf } from './names.ts';
import { nearest } from './nearest.ts';
import { dotted, pointerTo } from './pointer.ts';
import type { Finding } from './problem.ts';
import type { SoundPart } from './sound.ts';

export interface Objection {
  readonly finding: Finding;
  readonly pointer: string;
  /** The key is wrong, not the value. */
  readonly ofKey?: boolean;
  readonly warning?: boolean;
}

export function objections(service: SoundPart): Objection[] {
  const length = service.name.replaceAll('/', '').length;
  return [
    ...(length > 63 ? [{ finding: Mistake.LongServiceName(String(length)), pointer: '/name' }] : []),
    ...ambiguousPods(Object.keys(service.pods)),
    ...repeatedEndpoints(service.pods),
    ...Object.entries(service.pods).flatMap(([type, pod]) => podObjections(type, pod)),
  ];
}

/** Task `0-b` of pod `a` and task `b` of pod `a-0` would both be called a-0-0-b. */
function ambiguousPods(types: readonly string[]): Objection[] {
  const known = new Set(types);
  return types.flatMap((type) =>
    [...type.matchAll(/-\d+(?=-|$)/g)]
      .map((match) => type.slice(0, match.index))
      .filter((other) => known.has(other))
      .map((other) => ({
        finding: Mistake.PodReadsAsInstance(type, other),
        pointer: pointerTo('pods', type),
        ofKey: true,
      })),
  );
}

function repeatedEndpoints(pods: Definition['pods']): Objection[] {
  const found: Objection[] = [];
  const seen = new Set<string>();
  for (const [type, pod] of Object.entries(pods)) {
    for (const { resources, pointer } of resourcesOf(type, pod)) {
      for (const [name, port] of Object.entries(resources.ports ?? {})) {
        if (!port.advertise) continue;
        const at = pointer + pointerTo('ports', name);
        if (seen.has(name)) found.push({ finding: Mistake.DuplicateAdvertisedPort(name), pointer: at, ofKey: true });
        seen.add(name);
      }
    }
  }
  return found;
}

function podObjections(type: string, pod: PodDefinition): Objection[] {
  return [
    ...repeatedPorts(type, pod),
    ...resourcesOf(type, pod).flatMap(({ resources, pointer }) => resourceObjections(resources, pointer)),
    ...Object.entries(pod.tasks).flatMap(([name, task]) => taskObjections(type, pod, name, task)),
  ];
}

/** Everything that a pod instance reserves: its resource sets, and the resources of tasks that name no set. */
function resourcesOf(type: string, pod: PodDefinition): { resources: ResourcesDefinition; pointer: string }[] {
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

/** All sets of an instance are reserved on one agent, so a number can be had once. */
function repeatedPorts(type: string, pod: PodDefinition): Objection[] {
  const found: Objection[] = [];
  const seen = new Set<number>();
  for (const { resources, pointer } of resourcesOf(type, pod)) {
    for (const [name, { port }] of Object.entries(resources.ports ?? {})) {
      if (port === 0) continue;
      if (seen.has(port))
        found.push({
          finding: Mistake.DuplicatePort(String(port), type),
          pointer: `${pointer}${pointerTo('ports', name)}/port`,
        });
      seen.add(port);
    }
  }
  return found;
}

function resourceObjections(resources: ResourcesDefinition, pointer: string): Objection[] {
  const found: Objection[] = [];
  const hasPorts = Object.keys(resources.ports ?? {}).length > 0;
  if (resources.cpus === undefined && resources.memory === undefined && !hasPorts) {
    found.push({ finding: Mistake.NoResources(dotted(pointer)), pointer, ofKey: true });
  }
  if (resources.volume && resources.volumes) {
    found.push({ finding: Mistake.BothVolumes(dotted(pointer)), pointer: `${pointer}/volumes`, ofKey: true });
  }
  return [...found, ...repeatedPaths(resources.volumes ?? {}, `${pointer}/volumes`)];
}

function repeatedPaths(volumes: Readonly<Record<string, VolumeDefinition>>, pointer: string): Objection[] {
  const seen = new Set<string>();
  return Object.entries(volumes).flatMap(([name, { path }]) => {
    const repeated = seen.has(path);
    seen.add(path);
    return repeated
      ? [{ finding: Mistake.DuplicateVolumePath(path), pointer: `${pointer}${pointerTo(name)}/path` }]
      : [];
  });
}

const OWN_RESOURCES = ['cpus', 'memory', 'ports', 'volume', 'volumes'] as const;

function taskObjections(type: string, pod: PodDefinition, name: string, task: TaskDefinition): Objection[] {
  const here = pointerTo('pods', type, 'tasks', name);
  const found: Objection[] = [];
  const longest = `${type}-${Math.max(0, pod.count - 1)}-${name}`;
  if (longest.length > 63) found.push({ finding: Mistake.LongTaskName(longest), pointer: here, ofKey: true });

  const sets = pod['resource-sets'];
  const set = task['resource-set'];
  if (set === '') {
    const own = privateSetOf(name);
    if (Object.hasOwn(sets, own)) {
      found.push({
        finding: Mistake.ResourceSetNameTaken(own, name),
        pointer: pointerTo('pods', type, 'resource-sets', own),
        ofKey: true,
      });
    }
    return found;
  }
  if (!Object.hasOwn(sets, set)) {
    const near = nearest(set, Object.keys(sets));
    found.push({ finding: Mistake.UnknownResourceSet(set, type, near), pointer: `${here}/resource-set` });
  }
  for (const key of OWN_RESOURCES) {
    if (task[key] === undefined) continue;
    found.push({
      finding: Mistake.IgnoredResources(dotted(`${here}/${key}`), set),
      pointer: `${here}/${key}`,
      ofKey: true,
      warning: true,
    });
  }
  return found;
}
