/** A pod in the stored service spec (svc-yml 4.11), both ways. Promises that lists keep their order and optional fields stay absent. */
import type {
  ExternalVolumeSpec,
  HostVolumeSpec,
  NetworkSpec,
  PodSpec,
  RlimitSpec,
  SeccompSpec,
  SecretSpec,
  ServiceSpec,
} from '../service.ts';
import { placementFrom, type StoredRule, storedPlacement } from './placement.ts';
import { ANY_ROLE, type Owner, type StoredVolume, storedVolume, volumeFrom } from './resources.ts';
import { type StoredTask, storedTask, taskFrom } from './task.ts';

export interface StoredPod {
  type: string;
  user: string | null;
  count: number;
  'allow-decommission': boolean;
  image?: string | null;
  networks?: StoredNetwork[] | null;
  rlimits?: StoredRlimit[] | null;
  uris?: string[] | null;
  'task-specs': StoredTask[];
  'placement-rule'?: StoredRule | null;
  volumes?: StoredVolume[] | null;
  'pre-reserved-role'?: string | null;
  secrets?: StoredSecret[] | null;
  'share-pid-namespace'?: boolean | null;
  'host-volumes'?: StoredHostVolume[] | null;
  'external-volumes'?: StoredExternalVolume[] | null;
  'seccomp-unconfined'?: boolean | null;
  'seccomp-profile-name'?: string | null;
  'ipc-mode'?: 'PRIVATE' | null;
  'shm-size'?: number | null;
}

interface StoredNetwork {
  'network-name': string;
  /** Container ports by host port. */
  'port-mappings'?: Record<string, number> | null;
  'network-labels'?: Record<string, string> | null;
}

interface StoredRlimit {
  name: string;
  soft?: number | null;
  hard?: number | null;
}

interface StoredSecret {
  secret: string;
  'env-key'?: string | null;
  file?: string | null;
}

interface StoredHostVolume {
  'host-path': string;
  'container-path': string;
  mode?: 'RW' | 'RO' | null;
}

interface StoredExternalVolume {
  type: string;
  'container-path': string;
  'driver-name': string;
  'driver-options'?: Record<string, string> | null;
  'volume-name'?: string | null;
  'volume-mode'?: 'RW' | 'RO' | null;
}

export function storedPod(pod: PodSpec, { role, principal }: ServiceSpec): StoredPod {
  const { preReservedRole, seccomp } = pod;
  const owner: Owner = {
    role: preReservedRole ? `${preReservedRole}/${role}` : role,
    'pre-reserved-role': preReservedRole ?? ANY_ROLE,
    principal,
  };
  const networkNames = pod.networks.map(({ name }) => name);
  return {
    type: pod.type,
    user: pod.user,
    count: pod.count,
    'allow-decommission': pod.allowDecommission,
    image: pod.image ?? null,
    networks: pod.networks.map(storedNetwork),
    rlimits: pod.rlimits.map(({ name, soft, hard }) => ({ name, soft: soft ?? null, hard: hard ?? null })),
    uris: [...pod.uris],
    'task-specs': pod.tasks.map((task) => storedTask(task, owner, networkNames)),
    'placement-rule': pod.placement ? storedPlacement(pod.placement, pod.type) : null,
    volumes: pod.volumes.map((volume) => storedVolume(volume, owner)),
    'pre-reserved-role': owner['pre-reserved-role'],
    secrets: pod.secrets.map(({ path, envKey, file }) => ({
      secret: path,
      'env-key': envKey ?? null,
      file: file ?? null,
    })),
    'share-pid-namespace': pod.sharePidNamespace,
    'host-volumes': pod.hostVolumes.map(({ hostPath, containerPath, mode }) => ({
      'host-path': hostPath,
      'container-path': containerPath,
      mode,
    })),
    'external-volumes': pod.externalVolumes.map(storedExternalVolume),
    'seccomp-unconfined': seccomp?.kind === 'unconfined',
    'seccomp-profile-name': seccomp?.kind === 'profile' ? seccomp.name : null,
    'ipc-mode': pod.ipcMode ?? null,
    'shm-size': pod.shmSizeMb ?? null,
  };
}

/** A pod without a user has the service's. */
export function podFrom(pod: StoredPod, user: string): PodSpec {
  const { count, image } = pod;
  const placement = pod['placement-rule'] ? placementFrom(pod['placement-rule'], pod.type) : undefined;
  const preReservedRole = pod['pre-reserved-role'] ?? ANY_ROLE;
  const seccomp = seccompFrom(pod);
  return {
    type: pod.type,
    user: pod.user ?? user,
    count,
    allowDecommission: pod['allow-decommission'],
    ...(placement ? { placement } : {}),
    ...(image ? { image } : {}),
    networks: (pod.networks ?? []).map(networkFrom),
    rlimits: (pod.rlimits ?? []).map(rlimitFrom),
    secrets: (pod.secrets ?? []).map(secretFrom),
    uris: [...(pod.uris ?? [])],
    volumes: (pod.volumes ?? []).map(volumeFrom),
    hostVolumes: (pod['host-volumes'] ?? []).map(hostVolumeFrom),
    externalVolumes: (pod['external-volumes'] ?? []).map(externalVolumeFrom),
    ...(preReservedRole === ANY_ROLE ? {} : { preReservedRole }),
    sharePidNamespace: pod['share-pid-namespace'] ?? false,
    ...(seccomp ? { seccomp } : {}),
    ...(pod['ipc-mode'] ? { ipcMode: pod['ipc-mode'] } : {}),
    ...(pod['shm-size'] == null ? {} : { shmSizeMb: pod['shm-size'] }),
    tasks: pod['task-specs'].map(taskFrom),
  };
}

function storedNetwork({ name, portMappings, labels }: NetworkSpec): StoredNetwork {
  return {
    'network-name': name,
    'port-mappings': Object.fromEntries(portMappings.map(({ hostPort, containerPort }) => [hostPort, containerPort])),
    'network-labels': { ...labels },
  };
}

function networkFrom(network: StoredNetwork): NetworkSpec {
  const pairs = Object.entries(network['port-mappings'] ?? {});
  return {
    name: network['network-name'],
    portMappings: pairs.map(([hostPort, containerPort]) => ({ hostPort: Number(hostPort), containerPort })),
    labels: { ...network['network-labels'] },
  };
}

function rlimitFrom({ name, soft, hard }: StoredRlimit): RlimitSpec {
  return { name, ...(soft == null ? {} : { soft }), ...(hard == null ? {} : { hard }) };
}

function secretFrom({ secret, 'env-key': envKey, file }: StoredSecret): SecretSpec {
  return { path: secret, ...(envKey ? { envKey } : {}), ...(file ? { file } : {}) };
}

function hostVolumeFrom(volume: StoredHostVolume): HostVolumeSpec {
  return { hostPath: volume['host-path'], containerPath: volume['container-path'], mode: volume.mode ?? 'RW' };
}

function storedExternalVolume(volume: ExternalVolumeSpec): StoredExternalVolume {
  return {
    type: 'DOCKER',
    'container-path': volume.containerPath,
    'driver-name': volume.driver,
    'driver-options': { ...volume.options },
    'volume-name': volume.name ?? null,
    'volume-mode': volume.mode,
  };
}

function externalVolumeFrom(volume: StoredExternalVolume): ExternalVolumeSpec {
  if (volume.type !== 'DOCKER') throw new Error(`this version cannot read the external volume type ${volume.type}`);
  const name = volume['volume-name'];
  return {
    containerPath: volume['container-path'],
    driver: volume['driver-name'],
    options: { ...volume['driver-options'] },
    ...(name ? { name } : {}),
    mode: volume['volume-mode'] ?? 'RW',
  };
}

function seccompFrom(pod: StoredPod): SeccompSpec | undefined {
  const name = pod['seccomp-profile-name'];
  if (pod['seccomp-unconfined']) return { kind: 'unconfined' };
  return name ? { kind: 'profile', name } : undefined;
}
