/**
 * The Mesos messages of a launch: TaskInfo and ExecutorInfo exactly as operators of the field know them (scheduler-behaviour
 * 4.10, svc-yml 4.2 to 4.9). Promises to build, never to choose: resources, ids and ports are handed in.
 */
import type { ExecutorInfo, Resource, TaskInfo } from '../../kit/mesos.ts';
import { fromThousandths } from '../../kit/resources.ts';
import type { ResourceLimits, TaskSpec } from '../../spec/service.ts';
import { healthCheckOf, NEVER_READY, readinessCheckOf } from './launch/check.ts';
import { commandOf } from './launch/command.ts';
import { executorContainer, taskContainer } from './launch/container.ts';
import type { AssignedPort, LaunchContext } from './launch/context.ts';
import { discoveryOf } from './launch/discovery.ts';
import { checkEnvironment } from './launch/environment.ts';
import { labelsOf } from './launch/label.ts';
import { taskName } from './name.ts';

export type { AssignedPort, LaunchContext } from './launch/context.ts';

/**
 * What all tasks of a pod instance run under. Of a living executor the stored one is used instead: Mesos wants it repeated exactly.
 * `ports`: of all its tasks, which a network that maps ports must know.
 */
export function executorInfo(
  context: LaunchContext,
  executorId: string,
  resources: Resource[],
  ports: readonly AssignedPort[] = [],
): ExecutorInfo {
  return {
    type: 'DEFAULT',
    executor_id: { value: executorId },
    framework_id: { value: context.frameworkId },
    name: context.pod.type,
    container: executorContainer(context, ports),
    labels: { labels: [{ key: 'DCOS_SPACE', value: context.settings.space }] },
    resources,
  };
}

export function taskInfo(
  context: LaunchContext,
  task: TaskSpec,
  id: string,
  resources: Resource[],
  ports: readonly AssignedPort[],
  paused: boolean,
): TaskInfo {
  const { pod, index, offer } = context;
  const discovery = discoveryOf(context, task, ports);
  const limits = limitsOf(task.resourceSet.limits);
  const health = paused ? undefined : task.healthCheck;
  const readiness = paused ? NEVER_READY : task.readinessCheck;
  return {
    name: taskName(pod.type, index, task.name),
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources,
    command: commandOf(context, task, ports, paused),
    container: taskContainer(context, task),
    kill_policy: { grace_period: { nanoseconds: task.killGracePeriodSeconds * 1e9 } },
    labels: { labels: labelsOf(context, task) },
    ...(discovery ? { discovery } : {}),
    ...(health ? { health_check: healthCheckOf(health, checkEnvironment(context, task, ports)) } : {}),
    ...(readiness ? { check: readinessCheckOf(readiness, checkEnvironment(context, task, ports)) } : {}),
    ...(limits ? { limits } : {}),
  };
}

function limitsOf({ cpus, memoryMb }: ResourceLimits): TaskInfo['limits'] | undefined {
  if (cpus === undefined && memoryMb === undefined) return undefined;
  const unlimited = { value: Number.POSITIVE_INFINITY };
  return {
    ...(cpus === undefined ? {} : { cpus: cpus === 'unlimited' ? unlimited : { value: fromThousandths(cpus) } }),
    ...(memoryMb === undefined ? {} : { mem: memoryMb === 'unlimited' ? unlimited : { value: memoryMb } }),
  };
}
