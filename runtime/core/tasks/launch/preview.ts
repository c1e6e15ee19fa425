/**
 * A task as it would be launched, before there is any offer. Promises what the definition alone decides; what an agent or the moment
 * decides is named in angle brackets, or left out.
 */
import type { Offer, Resource, TaskInfo } from '../../../kit/mesos.ts';
import { fromThousandths } from '../../../kit/resources.ts';
import type { PodSpec, ServiceSpec, TaskSpec, VolumeSpec } from '../../../spec/service.ts';
import type { Settings } from '../../state.ts';
import { executorInfo, taskInfo } from '../launch.ts';
import { executorId, taskId, taskName } from '../name.ts';
import type { LaunchContext } from './context.ts';
import { usesHostPorts } from './network.ts';

const ANY_AGENT: Offer = {
  id: { value: '<offer>' },
  framework_id: { value: '<framework>' },
  agent_id: { value: '<agent>' },
  hostname: '<host>',
};

/** With its executor. Resources are not reserved yet; the number of a dynamic port is 0. */
export function previewTask(
  settings: Settings,
  spec: ServiceSpec,
  pod: PodSpec,
  index: number,
  task: TaskSpec,
): TaskInfo {
  const context: LaunchContext = {
    settings,
    frameworkId: '<framework>',
    spec,
    configId: '<configuration>',
    pod,
    index,
    offer: ANY_AGENT,
  };
  const { cpus, memoryMb, diskMb } = settings.executor;
  const overhead = [
    scalar('cpus', fromThousandths(cpus)),
    scalar('disk', diskMb),
    scalar('mem', memoryMb),
    ...pod.volumes.map(volume),
  ];
  const ports = task.resourceSet.ports.map((port) => ({ ...port, number: port.port }));
  const id = taskId(spec.name, taskName(pod.type, index, task.name), '<uuid>');
  return {
    ...taskInfo(context, task, id, resourcesOf(pod, task), ports, false),
    executor: executorInfo(context, executorId(spec.name, pod.type, '<uuid>'), overhead),
  };
}

function resourcesOf(pod: PodSpec, { resourceSet }: TaskSpec): Resource[] {
  const { cpus, gpus, memoryMb, ports, volumes } = resourceSet;
  const range = ports.filter(({ port }) => port !== 0).map(({ port }) => ({ begin: port, end: port }));
  return [
    ...(cpus > 0 ? [scalar('cpus', fromThousandths(cpus))] : []),
    ...(gpus > 0 ? [scalar('gpus', fromThousandths(gpus))] : []),
    ...(memoryMb > 0 ? [scalar('mem', memoryMb)] : []),
    ...(range.length > 0 && usesHostPorts(pod) ? [{ name: 'ports', type: 'RANGES', ranges: { range } } as const] : []),
    ...volumes.map(volume),
  ];
}

function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } };
}

function volume({ type, containerPath, sizeMb }: VolumeSpec): Resource {
  return {
    ...scalar('disk', sizeMb),
    disk: {
      volume: { container_path: containerPath, mode: 'RW' },
      ...(type === 'MOUNT' ? { source: { type: 'MOUNT' } } : {}),
    },
  };
}
