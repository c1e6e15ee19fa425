/** What must stay as it is for persistent volumes. Promises that no change makes a volume another one, or leaves it behind. */
import type { PodSpec, VolumeSpec } from '../../../spec/service.ts';
import { type Refusal, UNSET } from './refusal.ts';

export function volumeChanges(before: PodSpec, after: PodSpec): Refusal[] {
  return [...podVolumes(before, after), ...taskVolumes(before, after), ...lostVolumes(before, after)];
}

function podVolumes(before: PodSpec, after: PodSpec): Refusal[] {
  return changed(`PodVolumes[name:${after.type}]`, before.volumes, after.volumes);
}

function taskVolumes(before: PodSpec, after: PodSpec): Refusal[] {
  return after.tasks.flatMap((task) => {
    const old = before.tasks.find((candidate) => candidate.name === task.name);
    return old ? changed(taskField(task.name), old.resourceSet.volumes, task.resourceSet.volumes) : [];
  });
}

/** A task that is gone or has another name leaves its volumes behind: nothing would ever use that data again. */
function lostVolumes(before: PodSpec, after: PodSpec): Refusal[] {
  return before.tasks
    .filter((task) => task.resourceSet.volumes.length > 0)
    .filter((task) => !after.tasks.some((candidate) => candidate.name === task.name))
    .map((task) => ({
      field: taskField(task.name),
      from: volumesText(task.resourceSet.volumes),
      to: UNSET,
      message: `Task '${task.name}' of pod '${before.type}' holds data and cannot go or be renamed: keep it, or remove the whole pod.`,
      fatal: false,
    }));
}

function taskField(task: string): string {
  return `TaskVolumes[taskname:${task}]`;
}

function changed(field: string, before: readonly VolumeSpec[], after: readonly VolumeSpec[]): Refusal[] {
  const [from, to] = [volumesText(before), volumesText(after)];
  return from === to ? [] : [{ field, from, to, message: 'Volumes must be equal.', fatal: false }];
}

function volumesText(volumes: readonly VolumeSpec[]): string {
  return volumes.map(volumeText).sort().join(', ');
}

function volumeText(volume: VolumeSpec): string {
  const text = `${volume.type} ${volume.containerPath} ${volume.sizeMb} MB`;
  if (volume.type === 'ROOT' || volume.profiles.length === 0) return text;
  return `${text} on ${[...volume.profiles].sort().join(' or ')}`;
}
