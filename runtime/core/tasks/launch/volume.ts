/**
 * What is mounted into containers beside the volumes that are resources (svc-yml 4.9). Promises names of external volumes that stay
 * with their pod instance (svc-yml 3.9): a relaunch finds its data again.
 */
import type { Parameters, Secret, Volume } from '../../../kit/mesos.ts';
import { slashEscaped } from '../../../spec/names.ts';
import type { ExternalVolumeSpec, TaskSpec } from '../../../spec/service.ts';
import type { LaunchContext } from './context.ts';
import { certificateFiles } from './transport-encryption.ts';

/** Of a task's own container. */
export function taskVolumes(context: LaunchContext, task: TaskSpec): Volume[] {
  return [
    ...(context.settings.taskTmpVolume ? [TMP] : []),
    ...executorVolumes(context),
    ...certificateFiles(context, task).map(({ file, secret }) => secretFile(file, secret)),
    ...context.pod.volumes.map(({ containerPath }) => ofExecutor(containerPath)),
  ];
}

/** Of the executor, which stands for the whole pod instance; its persistent volumes are among its resources. */
export function executorVolumes(context: LaunchContext): Volume[] {
  const { pod } = context;
  return [
    ...pod.hostVolumes.map(
      ({ containerPath, hostPath, mode }): Volume => ({ container_path: containerPath, host_path: hostPath, mode }),
    ),
    ...pod.externalVolumes.map((volume) => external(context, volume)),
    ...pod.secrets.flatMap(({ file, path }) => (file ? [secretFile(file, path)] : [])),
  ];
}

/** The content of a secret as a file of the sandbox. */
function secretFile(containerPath: string, secretPath: string): Volume {
  const secret: Secret = { type: 'REFERENCE', reference: { name: secretPath } };
  return { container_path: containerPath, mode: 'RO', source: { type: 'SECRET', secret } };
}

/** A relative host path is one of the task's sandbox. */
const TMP: Volume = { container_path: '/tmp', host_path: 'tmp', mode: 'RW' };

function ofExecutor(path: string): Volume {
  const source = { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path } } as const;
  return { container_path: path, mode: 'RW', source };
}

function external({ spec, pod, index }: LaunchContext, volume: ExternalVolumeSpec): Volume {
  const portworx = volume.driver === 'pxd';
  const separator = portworx ? '-' : '_';
  const base = slashEscaped(volume.name ?? `${spec.name}${separator}${pod.type}`);
  const shared = portworx && volume.options['shared'] === 'true';
  const options = Object.entries({ ...volume.options, ...(portworx ? { nodes: 'LocalNode' } : {}) });
  const parameters: Parameters = { parameter: options.map(([key, value]) => ({ key, value })) };
  return {
    container_path: volume.containerPath,
    mode: volume.mode,
    source: {
      type: 'DOCKER_VOLUME',
      docker_volume: {
        driver: volume.driver,
        name: shared ? base : `${base}${separator}${index}`,
        ...(options.length > 0 ? { driver_options: parameters } : {}),
      },
    },
  };
}
