/** Rules of volumes: one path, one volume. Promises nothing about disks; agents have them or not. */
import { Mistake } from '../catalogue.ts';
import type { PodDefinition, ResourceSetDefinition, VolumeDefinition } from '../definition.ts';
import { driverOptionsIn } from '../pairs.ts';
import { dotted, pointerTo } from '../pointer.ts';
import { type Objection, repeats } from './objection.ts';
import { pairObjections } from './pairs.ts';

interface PlacedVolume {
  readonly volume: VolumeDefinition;
  readonly pointer: string;
}

/** The volumes of a pod, a task or a resource set that stands at `pointer`. */
function volumesOf(holder: Pick<ResourceSetDefinition, 'volume' | 'volumes'>, pointer: string): PlacedVolume[] {
  const single = holder.volume ? [{ volume: holder.volume, pointer: `${pointer}/volume` }] : [];
  const several = Object.entries(holder.volumes ?? {}).map(([name, volume]) => ({
    volume,
    pointer: pointer + pointerTo('volumes', name),
  }));
  return [...single, ...several];
}

/** A pod may have both `volume` and `volumes`; what its tasks reserve is mounted into the same sandbox. */
export function podVolumeObjections(pod: PodDefinition, pointer: string): Objection[] {
  const own = volumesOf(pod, pointer);
  const paths = new Set(own.map(({ volume }) => volume.path));
  const below = [
    ...Object.entries(pod['resource-sets']).flatMap(([id, set]) =>
      volumesOf(set, pointer + pointerTo('resource-sets', id)),
    ),
    ...Object.entries(pod.tasks)
      .filter(([, task]) => task['resource-set'] === '')
      .flatMap(([name, task]) => volumesOf(task, pointer + pointerTo('tasks', name))),
  ];
  return [
    ...ofOnePlace(own),
    ...below.filter(({ volume }) => paths.has(volume.path)).map(({ volume, pointer: at }) => samePath(volume, at)),
  ];
}

export function taskVolumeObjections(resources: ResourceSetDefinition, pointer: string): Objection[] {
  if (resources.volume && resources.volumes) {
    return [{ finding: Mistake.BothVolumes(dotted(pointer)), pointer: `${pointer}/volumes`, ofKey: true }];
  }
  return ofOnePlace(volumesOf(resources, pointer));
}

function ofOnePlace(volumes: readonly PlacedVolume[]): Objection[] {
  return [
    ...repeats(
      volumes,
      ({ volume }) => volume.path,
      ({ volume, pointer }) => samePath(volume, pointer),
    ),
    ...volumes
      .filter(({ volume }) => volume.type === 'ROOT' && volume.profiles.length > 0)
      .map(({ pointer }) => ({ finding: Mistake.ProfilesOfRoot(), pointer: `${pointer}/profiles`, ofKey: true })),
  ];
}

function samePath({ path }: VolumeDefinition, pointer: string): Objection {
  return { finding: Mistake.DuplicateVolumePath(path), pointer: `${pointer}/path` };
}

export function externalVolumeObjections(pod: PodDefinition, pointer: string): Objection[] {
  return Object.entries(pod['external-volumes']).flatMap(([name, volume]) => {
    const at = `${pointer}${pointerTo('external-volumes', name)}/driver-options`;
    const options = driverOptionsIn(volume['driver-options']);
    if (!options.ok) return pairObjections(options, at);
    return Object.hasOwn(options.pairs, 'name') ? [{ finding: Mistake.NameAmongOptions(), pointer: at }] : [];
  });
}
