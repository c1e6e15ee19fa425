/** Invariant 2: nothing is launched or reserved before its intent is stored, no status is acknowledged before it is. */
import { isFinalState, isLiveState } from '../../../runtime/core/tasks/record.ts';
import type { TaskStatus } from '../../../runtime/kit/mesos.ts';
import type { OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { broken, type Observer } from '../observer.ts';
import type { World } from '../world.ts';

export function storedFirst(world: World): Observer {
  const statuses = new Map<string, TaskStatus>();
  return {
    delivered(event) {
      const status = event.type === 'UPDATE' ? event.update.status : undefined;
      if (status?.uuid) statuses.set(status.uuid, status);
    },
    called(call) {
      if (call.type === 'ACKNOWLEDGE') acknowledged(world, statuses.get(call.acknowledge.uuid));
      if (call.type === 'ACCEPT') for (const operation of call.accept.operations ?? []) sent(world, operation);
    },
  };
}

function sent(world: World, operation: OfferOperation): void {
  const stored = world.stored();
  if (operation.id && !stored.operations.has(operation.id.value)) {
    broken(2, `${operation.type} was sent before its intent was stored`);
  }
  for (const task of operation.type === 'LAUNCH_GROUP' ? operation.launch_group.task_group.tasks : []) {
    if (stored.tasks.get(task.name)?.info.task_id.value !== task.task_id.value) {
      broken(2, `the launch of ${task.name} was sent before it was stored`);
    }
  }
}

/** The stored status of an acknowledged one: itself, or what came after. A task without a record is no business of ours. */
function acknowledged(world: World, status: TaskStatus | undefined): void {
  if (!status) broken(2, 'a status was acknowledged that was never delivered');
  for (const record of world.stored().tasks.values()) {
    if (record.info.task_id.value !== status.task_id.value) continue;
    const state = record.status?.state;
    const isLater =
      state !== undefined && (isFinalState(state) || (state === 'TASK_RUNNING' && isLiveState(status.state)));
    if (state === status.state || isLater) continue;
    // An agent that was cut off tells its story late: the newest word is another one by then.
    if (state === 'TASK_UNREACHABLE' || state === 'TASK_GONE_BY_OPERATOR') continue;
    broken(2, `${status.state} of ${record.info.name} was acknowledged, but ${state} is stored`);
  }
}
