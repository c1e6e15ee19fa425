/**
 * The containers of a pod instance (svc-yml 4.9): one of the executor, which holds the network, and one of each task, which holds
 * the image. Promises to set only what the definition asks for, so that a plain pod runs on an agent without any isolator.
 */
import type { ContainerInfo, LinuxInfo, RLimit } from '../../../kit/mesos.ts';
import type { PodSpec, RlimitSpec, TaskSpec } from '../../../spec/service.ts';
import type { AssignedPort, LaunchContext } from './context.ts';
import { networkInfos } from './network.ts';
import { executorVolumes, taskVolumes } from './volume.ts';

export function taskContainer(context: LaunchContext, task: TaskSpec): ContainerInfo {
  return isOfInstance(context.pod) || task.transportEncryption.length > 0
    ? taskContainerOf(context, task)
    : once(ofTasks, task, context, () => taskContainerOf(context, task));
}

/** `ports`: of all tasks of the pod instance, for networks that map them. */
export function executorContainer(context: LaunchContext, ports: readonly AssignedPort[]): ContainerInfo {
  return isOfInstance(context.pod)
    ? executorContainerOf(context, ports)
    : once(ofExecutors, context.pod, context, () => executorContainerOf(context, []));
}

/** Whether each instance has a container of its own: ports are mapped into it, or volumes are named after it. */
function isOfInstance({ networks, externalVolumes }: PodSpec): boolean {
  return networks.length > 0 || externalVolumes.length > 0;
}

interface Made {
  readonly settings: LaunchContext['settings'];
  readonly container: ContainerInfo;
}

/** A definition never changes, and a thousand instances may be launched from one. */
const ofTasks = new WeakMap<TaskSpec, Made>();
const ofExecutors = new WeakMap<PodSpec, Made>();

function once<T extends object>(
  known: WeakMap<T, Made>,
  key: T,
  { settings }: LaunchContext,
  make: () => ContainerInfo,
): ContainerInfo {
  const before = known.get(key);
  if (before?.settings === settings) return before.container;
  const container = make();
  known.set(key, { settings, container });
  return container;
}

function taskContainerOf(context: LaunchContext, task: TaskSpec): ContainerInfo {
  const { pod } = context;
  const volumes = taskVolumes(context, task);
  return {
    type: 'MESOS',
    linux_info: {
      share_cgroups: false,
      ...(pod.sharePidNamespace ? { share_pid_namespace: true } : {}),
      ...seccomp(pod),
      ...sharedMemory(task),
    },
    ...(pod.image === undefined ? {} : { mesos: { image: { type: 'DOCKER', docker: { name: pod.image } } } }),
    ...rlimits(pod),
    ...(volumes.length > 0 ? { volumes } : {}),
  };
}

function executorContainerOf(context: LaunchContext, ports: readonly AssignedPort[]): ContainerInfo {
  const { pod } = context;
  const fixed = pod.tasks.flatMap(({ resourceSet }) => resourceSet.ports.map(({ port }) => port));
  const networks = networkInfos(pod, [...fixed.filter((port) => port !== 0), ...ports.map(({ number }) => number)]);
  const volumes = executorVolumes(context);
  return {
    type: 'MESOS',
    linux_info: { share_cgroups: false, ...sharedMemory(pod) },
    ...(networks.length > 0 ? { network_infos: networks } : {}),
    ...rlimits(pod),
    ...(volumes.length > 0 ? { volumes } : {}),
  };
}

function seccomp({ seccomp: spec }: PodSpec): LinuxInfo {
  if (!spec) return {};
  return { seccomp: spec.kind === 'unconfined' ? { unconfined: true } : { profile_name: spec.name } };
}

function sharedMemory({ ipcMode, shmSizeMb }: PodSpec | TaskSpec): LinuxInfo {
  return {
    ...(ipcMode === undefined ? {} : { ipc_mode: ipcMode }),
    ...(shmSizeMb === undefined ? {} : { shm_size: shmSizeMb }),
  };
}

function rlimits({ rlimits: specs }: PodSpec): Pick<ContainerInfo, 'rlimit_info'> {
  return specs.length > 0 ? { rlimit_info: { rlimits: specs.map(rlimit) } } : {};
}

/** Unlimited, which the definition may also write as -1, is said by leaving both out. */
function rlimit({ name, soft = -1, hard = -1 }: RlimitSpec): RLimit {
  const type = name.replace(/^RLIMIT_/, 'RLMT_');
  return soft < 0 || hard < 0 ? { type } : { type, soft, hard };
}
