/** Invariant 4: a volume that was used is destroyed only for a pod that was replaced or removed, or by an uninstall. */
import type { TaskRecord } from '../../../runtime/core/state.ts';
import { isPermanentlyFailed, podOf } from '../../../runtime/core/tasks/record.ts';
import { podInstanceOf } from '../names.ts';
import { broken, type Observer } from '../observer.ts';
import type { World } from '../world.ts';

export function volumes(world: World): Observer {
  /** Volumes that a process ran on, with the pod instance it belonged to. */
  const used = new Map<string, string>();
  /** Those that nobody needs any more. */
  const givenUp = new Set<string>();
  const giveUp = (pod: string) => {
    for (const [volume, owner] of used) if (owner === pod) givenUp.add(volume);
  };
  /** Pod instances with a record that is marked as permanently failed. */
  let marked = new Set<string>();
  let seen = -1;
  /** The records at the last look. */
  let last: ReadonlyMap<string, TaskRecord> = new Map();

  return {
    commanded(command) {
      if (command.kind === 'pod-replace') giveUp(command.pod);
    },
    ran(process) {
      const pod = podInstanceOf(process.taskName);
      for (const volume of process.volumes) {
        if (!world.agents.volumes.has(volume)) broken(4, `${process.taskName} starts on ${volume}, which is not there`);
        used.set(volume, pod);
        if (marked.has(pod)) givenUp.add(volume);
      }
    },
    frame() {
      if (seen === world.scheduler.commits) return;
      seen = world.scheduler.commits;
      const before = marked;
      marked = new Set();
      const { tasks } = world.stored();
      for (const record of tasks.values()) {
        const pod = podInstanceOf(record.info.name);
        const was = last.get(record.info.name);
        // Found a new place at once, it is never seen marked.
        if (was && !before.has(pod) && hasLeft(was, record, used)) {
          if (!mayBeReplaced(world, was, last)) broken(4, `${pod} has new volumes, and nobody asked`);
          giveUp(pod);
        }
        if (record.override?.goal === 'DECOMMISSIONED' && isSurplus(world, record)) giveUp(pod);
        if (!isPermanentlyFailed(record)) continue;
        if (!before.has(pod) && !mayBeReplaced(world, record, tasks)) broken(4, `${pod} is given up, and nobody asked`);
        marked.add(pod);
        giveUp(pod);
      }
      last = tasks;
    },
    removedVolume(path) {
      const pod = used.get(path);
      if (pod === undefined || givenUp.has(path) || world.scheduler.uninstalling) return;
      broken(4, `the volume ${path} of ${pod} was destroyed, and nobody asked`);
    },
  };
}

/** Its pod instance has no place in the target. */
function isSurplus(world: World, record: TaskRecord): boolean {
  const { configs, targetId } = world.stored();
  const pod = podOf(record.info);
  const spec = configs.get(targetId)?.pods.find((candidate) => candidate.type === pod?.type);
  return !spec || (pod !== undefined && pod.index >= spec.count);
}

/** A process ran on its volumes, and its record stands for other ones. */
function hasLeft(was: TaskRecord, is: TaskRecord, used: ReadonlyMap<string, string>): boolean {
  const now = volumesOf(is);
  const wasUsed = (id: string) => [...used.keys()].some((path) => path.endsWith(`/${id}`));
  return now.length > 0 && volumesOf(was).some((id) => !now.includes(id) && wasUsed(id));
}

function volumesOf({ info }: TaskRecord): string[] {
  return (info.resources ?? []).flatMap((resource) => resource.disk?.persistence?.id ?? []);
}

/** An operator asked, its agent is gone, or it was down for longer than its policy allows. */
function mayBeReplaced(world: World, record: TaskRecord, tasks: ReadonlyMap<string, TaskRecord>): boolean {
  const pod = podInstanceOf(record.info.name);
  if (world.asked.replaced.has(pod) || world.agents.gone.has(record.info.agent_id.value)) return true;
  const { configs, targetId } = world.stored();
  const policy = configs.get(targetId)?.replacement;
  const since = [...tasks.values()]
    .filter((other) => podInstanceOf(other.info.name) === pod)
    .map((other) => other.progress.downSince ?? Number.POSITIVE_INFINITY);
  return policy !== undefined && world.now - Math.min(...since) >= policy.permanentFailureTimeoutSeconds * 1000;
}
