/** Changes of a definition that operators make: those that may follow, and those that must be refused. */
import type { PodSpec, ResourceSet, ServiceSpec } from '../../runtime/spec/service.ts';

/** The most instances that always find room on three agents. */
const MOST = 3;

export function changes(spec: ServiceSpec, isGood: boolean): ServiceSpec[] {
  const changed = spec.pods.flatMap((pod) =>
    (isGood ? goodChanges(pod) : badChanges(pod)).map((next) => ({
      ...spec,
      pods: spec.pods.map((other) => (other === pod ? next : other)),
    })),
  );
  // Another user ends the process at once.
  return isGood ? changed : [...changed, { ...spec, user: 'somebody-else' }];
}

function goodChanges(pod: PodSpec): PodSpec[] {
  const [first, ...others] = pod.tasks;
  if (!first) return [];
  const { resourceSet: set } = first;
  const withSet = (next: ResourceSet): PodSpec => ({
    ...pod,
    tasks: pod.tasks.map((task) => (task.resourceSet.id === set.id ? { ...task, resourceSet: next } : task)),
  });
  return [
    { ...pod, tasks: [{ ...first, command: `${first.command.slice(0, 60)} # again` }, ...others] },
    ...resizes(set).map(withSet),
    ...(pod.count < MOST ? [{ ...pod, count: pod.count + 1 }] : []),
    ...(pod.allowDecommission && pod.count > 0 ? [{ ...pod, count: pod.count - 1 }] : []),
  ];
}

/** More and less of what grows and shrinks in place; all tasks of a set see the same. */
function resizes(set: ResourceSet): ResourceSet[] {
  const ports = set.ports.some(({ name }) => name === 'extra')
    ? set.ports.filter(({ name }) => name !== 'extra')
    : [...set.ports, { name: 'extra', port: 0, advertise: false, ranges: [] }];
  return [
    { ...set, cpus: set.cpus === 500 ? 300 : 500 },
    { ...set, memoryMb: set.memoryMb === 0 ? 96 : 0 },
    { ...set, ports },
  ];
}

function badChanges(pod: PodSpec): PodSpec[] {
  const [first, ...others] = pod.tasks;
  if (!first) return [];
  const volumes = first.resourceSet.volumes.map((volume) => ({ ...volume, sizeMb: volume.sizeMb + 1 }));
  const grown = { ...pod, tasks: [{ ...first, resourceSet: { ...first.resourceSet, volumes } }, ...others] };
  return [
    ...(volumes.length > 0 ? [grown] : []),
    ...(pod.count > 0 && !pod.allowDecommission ? [{ ...pod, count: pod.count - 1 }] : []),
  ];
}
