/**
 * What must hold after every step of every history (design, "The simulator", 1 to 5), watched from outside: at the wire, at the
 * processes, at the disks. A broken rule throws a `Violation` with its number.
 */
import { footprintIds } from '../../runtime/core/offer/match.ts';
import { resourceIdOf } from '../../runtime/core/offer/reserved.ts';
import { isFinalState, isLiveState, podOf } from '../../runtime/core/tasks/record.ts';
import type { MesosEvent, TaskStatus } from '../../runtime/kit/mesos.ts';
import { type Durable, durable } from './durable.ts';
import type { Observer, Process, World } from './world.ts';

export class Violation extends Error {
  override name = 'Violation';
}

function broken(rule: number, what: string): never {
  throw new Violation(`invariant ${rule}: ${what}`);
}

export interface Invariants extends Observer {
  /** The history's operator gives this pod's volumes up: from now on they may be destroyed. */
  replaced(pod: string): void;
  /** Its tasks may be ended. */
  restarted(pod: string): void;
}

export function invariants(): Invariants {
  const statuses = new Map<string, TaskStatus>();
  /** Volumes that a process ran on, with the pod it belonged to. */
  const used = new Map<string, string>();
  const replaced = new Set<string>();
  const restarted = new Set<string>();
  const launched = new Set<string>();

  return {
    replaced: (pod) => replaced.add(pod),
    restarted: (pod) => restarted.add(pod),

    ran(process, world) {
      for (const other of world.processes.values()) {
        if (other === process) continue;
        if (other.taskName === process.taskName) broken(1, `two processes for ${process.taskName}`);
        const shared = process.volumes.find((volume) => other.volumes.includes(volume));
        if (shared) broken(1, `${other.taskName} and ${process.taskName} on volume ${shared}`);
      }
      for (const volume of process.volumes) {
        if (!world.volumes.has(volume)) broken(4, `${process.taskName} starts on ${volume}, which is not there`);
        used.set(volume, podName(process));
      }
    },

    call(call, world) {
      const stored = durable(world.data);
      switch (call.type) {
        case 'ACCEPT':
          for (const operation of call.accept.operations ?? []) {
            if (operation.id && !stored.operations.has(operation.id.value)) {
              broken(2, `${operation.type} was sent before its intent was stored`);
            }
            for (const task of operation.type === 'LAUNCH_GROUP' ? operation.launch_group.task_group.tasks : []) {
              if (stored.tasks.get(task.name)?.info.task_id.value !== task.task_id.value) {
                broken(2, `the launch of ${task.name} was sent before it was stored`);
              }
              inOrder(world, stored, task.name, launched);
              launched.add(task.name);
            }
          }
          return;
        case 'ACKNOWLEDGE':
          acknowledged(stored, statuses.get(call.acknowledge.uuid));
          return;
        case 'KILL':
          mayKill(stored, call.kill.task_id.value, new Set([...replaced, ...restarted]));
          return;
        default:
      }
    },

    delivered(event: MesosEvent) {
      const status = event.type === 'UPDATE' ? event.update.status : undefined;
      if (status?.uuid) statuses.set(status.uuid, status);
    },

    removedVolume(path) {
      const pod = used.get(path);
      if (pod !== undefined && !replaced.has(pod))
        broken(4, `the volume ${path} of ${pod} was destroyed, and nobody asked`);
    },

    frame(world) {
      const stored = durable(world.data);
      const known = new Set<string>(stored.abandoned);
      for (const record of stored.tasks.values()) for (const id of footprintIds(record.info)) known.add(id);
      for (const operation of stored.operations.values()) for (const id of operation.resourceIds) known.add(id);
      for (const agent of world.agents) {
        for (const resource of agent.saved?.resources ?? []) {
          const id = resourceIdOf(resource);
          if (id !== undefined && !known.has(id))
            broken(3, `nobody remembers the reservation ${id} (${resource.name})`);
        }
      }
    },
  };
}

function podName(process: Process): string {
  return process.taskName.slice(0, process.taskName.lastIndexOf('-'));
}

/** The stored status of an acknowledged one: itself, or what came after. A task without a record is no business of ours. */
function acknowledged(stored: Durable, status: TaskStatus | undefined): void {
  if (!status) broken(2, 'a status was acknowledged that was never delivered');
  for (const record of stored.tasks.values()) {
    if (record.info.task_id.value !== status.task_id.value) continue;
    const state = record.status?.state;
    const same = state === status.state;
    const later =
      state !== undefined && (isFinalState(state) || (state === 'TASK_RUNNING' && isLiveState(status.state)));
    if (!same && !later) broken(2, `${status.state} of ${record.info.name} was acknowledged, but ${state} is stored`);
  }
}

/** Nobody asked, nothing changed: a task that a record stands for is left alone. */
function mayKill(stored: Durable, taskId: string, asked: ReadonlySet<string>): void {
  for (const record of stored.tasks.values()) {
    const pod = podOf(record.info);
    if (record.info.task_id.value !== taskId || !pod) continue;
    if (!asked.has(`${pod.type}-${pod.index}`)) broken(5, `${record.info.name} is killed, and nobody asked`);
  }
}

/** The default plan is serial: a pod is first launched when all before it have reached their goal. */
function inOrder(world: World, stored: Durable, task: string, launched: ReadonlySet<string>): void {
  if (launched.has(task)) return;
  for (const pod of world.spec.pods) {
    for (let index = 0; index < pod.count; index++) {
      for (const spec of pod.tasks) {
        const name = `${pod.type}-${index}-${spec.name}`;
        if (name === task) return;
        if (!stored.tasks.get(name)?.progress.reached) broken(5, `${task} is launched before ${name} was ready`);
      }
    }
  }
}
