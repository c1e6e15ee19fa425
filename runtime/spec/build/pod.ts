/** A pod of a checked definition. Promises every list in the order of the file; what the tasks run is in `task.ts`. */
import { assert } from '../../kit/assert.ts';
import type {
  ExternalVolumeDefinition,
  HostVolumeDefinition,
  NetworkDefinition,
  PodDefinition,
  RlimitDefinition,
  SecretDefinition,
} from '../definition.ts';
import { secretFile } from '../names.ts';
import { driverOptionsIn } from '../pairs.ts';
import { parsePlacement } from '../placement.ts';
import { inRegion } from '../region.ts';
import type {
  ExternalVolumeSpec,
  HostVolumeSpec,
  NetworkSpec,
  PodSpec,
  RlimitSpec,
  SeccompSpec,
  SecretSpec,
} from '../service.ts';
import { labelsOf, volumesOf } from './resources.ts';
import type { Surroundings } from './surroundings.ts';
import { taskOf } from './task.ts';

export function podOf(type: string, pod: PodDefinition, user: string, surroundings: Surroundings): PodSpec {
  const placement = parsePlacement(pod.placement);
  assert(placement.ok, 'a placement that was checked');
  const role = pod['pre-reserved-role'];
  const seccomp = seccompOf(pod);
  const variables = { below: pod.env, above: surroundings.variablesFor(type) };
  return {
    type,
    user,
    count: pod.count,
    allowDecommission: pod['allow-decommission'],
    placement: inRegion(placement.rule, surroundings.regionRule),
    ...(pod.image === undefined ? {} : { image: pod.image }),
    networks: Object.entries(pod.networks).map(([name, network]) => networkOf(name, network)),
    rlimits: Object.entries(pod.rlimits).map(([name, limit]) => rlimitOf(name, limit)),
    secrets: Object.values(pod.secrets).map(secretOf),
    uris: [...pod.uris],
    volumes: volumesOf(pod),
    hostVolumes: Object.values(pod['host-volumes']).map(hostVolumeOf),
    externalVolumes: Object.values(pod['external-volumes']).map(externalVolumeOf),
    ...(role === '' || role === '*' ? {} : { preReservedRole: role }),
    sharePidNamespace: pod['share-pid-namespace'],
    ...(seccomp ? { seccomp } : {}),
    ...(pod['ipc-mode'] === undefined ? {} : { ipcMode: pod['ipc-mode'] }),
    ...(pod['shm-size'] === undefined ? {} : { shmSizeMb: pod['shm-size'] }),
    tasks: Object.entries(pod.tasks).map(([name, task]) => taskOf(name, task, pod, variables, surroundings.templates)),
  };
}

function seccompOf(pod: PodDefinition): SeccompSpec | undefined {
  const name = pod['seccomp-profile-name'];
  if (pod['seccomp-unconfined']) return { kind: 'unconfined' };
  return name ? { kind: 'profile', name } : undefined;
}

function networkOf(name: string, network: NetworkDefinition): NetworkSpec {
  const portMappings = network['host-ports'].map((hostPort, at) => ({
    hostPort,
    containerPort: network['container-ports'][at] ?? hostPort,
  }));
  // The stored form is a map from host ports, which has this order by itself.
  portMappings.sort((a, b) => a.hostPort - b.hostPort);
  return { name, portMappings, labels: labelsOf(network.labels) };
}

/** -1 for both is the same as neither. */
function rlimitOf(name: string, { soft, hard }: RlimitDefinition): RlimitSpec {
  return soft === undefined || hard === undefined || soft === -1 ? { name } : { name, soft, hard };
}

function secretOf(secret: SecretDefinition): SecretSpec {
  const file = secretFile(secret);
  return {
    path: secret.secret,
    ...(secret['env-key'] ? { envKey: secret['env-key'] } : {}),
    ...(file === undefined ? {} : { file }),
  };
}

function hostVolumeOf(volume: HostVolumeDefinition): HostVolumeSpec {
  return { hostPath: volume['host-path'], containerPath: volume['container-path'], mode: volume.mode };
}

function externalVolumeOf(volume: ExternalVolumeDefinition): ExternalVolumeSpec {
  const options = driverOptionsIn(volume['driver-options']);
  assert(options.ok, 'driver options that were checked');
  return {
    containerPath: volume['container-path'],
    driver: volume['driver-name'],
    options: options.pairs,
    ...(volume['volume-name'] ? { name: volume['volume-name'] } : {}),
    mode: volume['volume-mode'],
  };
}
