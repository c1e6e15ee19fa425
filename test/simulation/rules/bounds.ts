/** Invariant 7: no queue or map grows without bound: what the process holds and what its disk holds follow from the service's size. */
import { broken, type Observer } from '../observer.ts';
import type { World } from '../world.ts';

/** Per task and agent of the history: more than any honest state needs. */
const PLENTY = 8;

export function bounds(world: World): Observer {
  let mostTasks = 0;
  return {
    frame() {
      const { scheduler } = world;
      const [state, service] = [scheduler.state(), scheduler.service()];
      if (!state || !service) return;
      mostTasks = Math.max(mostTasks, service.tasks.size);
      const limit = PLENTY * (10 + mostTasks + world.agents.list.length);
      for (const part of [state.session, service]) {
        for (const [name, value] of Object.entries(part)) {
          const size = value instanceof Map || value instanceof Set ? value.size : 0;
          if (size > limit) broken(7, `${name} has grown to ${size}`);
        }
      }
      const nodes = scheduler.data?.nodes.size ?? 0;
      if (nodes > 8 * limit) broken(7, `the store has grown to ${nodes} nodes`);
    },
  };
}
