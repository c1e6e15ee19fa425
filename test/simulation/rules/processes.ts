/** Invariant 1: never two live processes for one task, never two on one volume; but what a cut-off agent still runs of a replaced pod. */
import { podInstanceOf } from '../names.ts';
import { broken, type Observer } from '../observer.ts';
import type { World } from '../world.ts';

export function processes(world: World): Observer {
  return {
    ran(process) {
      for (const other of world.agents.processes.values()) {
        if (other === process) continue;
        const own = other.executor === process.executor ? other.sharedVolumes : [];
        const shared = process.volumes.find((volume) => other.volumes.includes(volume) && !own.includes(volume));
        if (shared) broken(1, `${other.taskName} and ${process.taskName} on volume ${shared}`);
        if (other.taskName !== process.taskName) continue;
        // An agent that is back may still run what was replaced, until the scheduler heard of it and killed it.
        const isLeftOver = world.agents.wereCutOff.has(other.agent.hostname) && mayBeReplaced(world, process.taskName);
        if (!isLeftOver) broken(1, `two processes for ${process.taskName}`);
      }
    },
  };
}

/** By an operator, or by the policy of its service. */
function mayBeReplaced(world: World, task: string): boolean {
  return world.asked.replaced.has(podInstanceOf(task)) || world.scheduler.definition.spec.replacement !== undefined;
}
