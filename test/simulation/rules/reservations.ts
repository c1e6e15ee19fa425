/** Invariant 3: every reservation with our labels is in the records, being made, or on its way out; none is given back while in use. */
import { footprintIds, resourceIdOf } from '../../../runtime/core/offer/reserved.ts';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import { broken, type Observer } from '../observer.ts';
import type { World } from '../world.ts';

export function reservations(world: World): Observer {
  /** A disk's list of resources never changes in place: one that was found right stays right until the next commit. */
  const right = new WeakMap<readonly Resource[], number>();
  return {
    frame() {
      const { commits } = world.scheduler;
      for (const agent of world.agents.list) {
        const resources = agent.saved?.resources;
        if (!resources || right.get(resources) === commits) continue;
        checkAll(world, resources);
        right.set(resources, commits);
      }
    },
    called(call) {
      if (call.type !== 'ACCEPT') return;
      for (const operation of call.accept.operations ?? []) {
        if (operation.type === 'UNRESERVE') givenBack(world, operation.unreserve.resources);
        if (operation.type === 'DESTROY') givenBack(world, operation.destroy.volumes);
      }
    },
  };
}

function checkAll(world: World, resources: readonly Resource[]): void {
  const stored = world.stored();
  // An uninstall that is over has listed what it left behind.
  if (world.scheduler.service()?.uninstall === 'done') return;
  const known = new Set<string>(stored.abandoned.keys());
  for (const record of stored.tasks.values()) for (const id of footprintIds(record.info)) known.add(id);
  for (const operation of stored.operations.values()) for (const id of operation.resourceIds) known.add(id);
  for (const resource of resources) {
    const id = resourceIdOf(resource);
    // An operator may force a removal's step: what it was to give back is given up.
    if (id !== undefined && !known.has(id) && !world.asked.forced)
      broken(3, `nobody remembers the reservation ${id} (${resource.name})`);
  }
}

/** What a process works on is not given back under it. */
function givenBack(world: World, resources: readonly Resource[]): void {
  const ids = new Set(resources.map((resource) => resource.disk?.persistence?.id).filter((id) => id !== undefined));
  for (const process of world.agents.processes.values()) {
    const volume = process.volumes.find((path) => [...ids].some((id) => path.endsWith(`/${id}`)));
    if (volume) broken(3, `the volume ${volume} is given back while ${process.taskName} runs on it`);
  }
}
