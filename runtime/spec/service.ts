/**
 * The checked service: what a rendered `svc.yml` means, with every default filled in. Promises plain, immutable data that the
 * core plans with and that `spec/stored/` writes to and reads from the store without loss.
 */

export type Goal = 'RUNNING' | 'FINISH' | 'ONCE';

export interface ServiceSpec {
  /** As written, slashes kept. */
  readonly name: string;
  /** `<name, leading slash dropped, / as __>-role`. */
  readonly role: string;
  readonly principal: string;
  readonly user: string;
  /** `host:port` of the state store and the masters' leader election. */
  readonly zookeeper: string;
  readonly webUrl?: string;
  /** The only region that pods without a region of their own may go to (SERVICE_REGION). */
  readonly region?: string;
  /** In the order of the file, which is the order of the default deploy plan. Never empty. */
  readonly pods: readonly PodSpec[];
  /** Variables whose values are not shown, beside those that are secret by their name; absent: none. */
  readonly maskedEnv?: readonly string[];
  /** When pods that stay down are replaced by themselves; absent: only when an operator says so. */
  readonly replacement?: ReplacementPolicy;
}

/** `replacement-failure-policy`: seconds. */
export interface ReplacementPolicy {
  /** Down for so long, a pod counts as permanently failed. */
  readonly permanentFailureTimeoutSeconds: number;
  /** At least so long between two replacements of the policy's. */
  readonly minReplaceDelaySeconds: number;
}

/**
 * The plans of a file (svc-yml 3.20), in its order. They are no part of the target configuration: a changed plan restarts no task.
 * Empty when the file has none; then the deploy plan follows from the pods.
 */
export type PlanSpecs = readonly PlanSpec[];

/** The texts that a file publishes for clients, by endpoint. No part of the target configuration either. */
export type EndpointTexts = Readonly<Record<string, string>>;

export interface PlanSpec {
  readonly name: string;
  readonly strategy: 'serial' | 'parallel';
  readonly phases: readonly PhaseSpec[];
}

export interface PhaseSpec {
  readonly name: string;
  /** A pod type of the service. */
  readonly pod: string;
  readonly strategy: 'serial' | 'parallel' | 'serial-canary' | 'parallel-canary';
  /** Absent: one step an instance, with all tasks of the pod. */
  readonly steps?: PhaseSteps;
}

/** Task spec names, per step: what an instance launches in which order. */
export interface PhaseSteps {
  readonly byIndex: Readonly<Record<number, readonly (readonly string[])[]>>;
  /** For every instance without an entry of its own. */
  readonly otherwise?: readonly (readonly string[])[];
}

export interface PodSpec {
  /** The key under `pods`; instances are `<type>-<index>`. */
  readonly type: string;
  readonly user: string;
  readonly count: number;
  readonly allowDecommission: boolean;
  readonly placement?: PlacementRule;
  /** Docker image of every task's container; absent: the agent's own files. */
  readonly image?: string;
  /** None: the host's network. */
  readonly networks: readonly NetworkSpec[];
  readonly rlimits: readonly RlimitSpec[];
  readonly secrets: readonly SecretSpec[];
  /** Fetched into every task's sandbox. */
  readonly uris: readonly string[];
  /** Persistent volumes of the instance, held by its executor and seen by all its tasks. */
  readonly volumes: readonly VolumeSpec[];
  readonly hostVolumes: readonly HostVolumeSpec[];
  readonly externalVolumes: readonly ExternalVolumeSpec[];
  /** The statically reserved role that resources are taken from; absent: unreserved ones. */
  readonly preReservedRole?: string;
  readonly sharePidNamespace: boolean;
  readonly seccomp?: SeccompSpec;
  readonly ipcMode?: 'PRIVATE';
  /** Size of /dev/shm. */
  readonly shmSizeMb?: number;
  /** Never empty. */
  readonly tasks: readonly TaskSpec[];
}

export interface TaskSpec {
  /** The key under `tasks`; the task of instance 0 is `<pod type>-0-<name>`. */
  readonly name: string;
  readonly goal: Goal;
  /** When an essential task fails, all running tasks of its pod instance are relaunched with it. */
  readonly essential: boolean;
  readonly resourceSet: ResourceSet;
  /** Run by the shell. */
  readonly command: string;
  /** With the TASKCFG_ variables of the scheduler's environment on top. */
  readonly environment: Readonly<Record<string, string>>;
  readonly configs: readonly ConfigSpec[];
  readonly healthCheck?: HealthCheckSpec;
  readonly readinessCheck?: ReadinessCheckSpec;
  readonly discovery?: DiscoverySpec;
  readonly transportEncryption: readonly TransportEncryptionSpec[];
  readonly labels: Readonly<Record<string, string>>;
  /** 0: SIGKILL at once. */
  readonly killGracePeriodSeconds: number;
  readonly ipcMode?: 'PRIVATE' | 'SHARE_PARENT';
  readonly shmSizeMb?: number;
}

/** What a task reserves. Two tasks of a pod with the same set id share one reservation and never run together. */
export interface ResourceSet {
  readonly id: string;
  /** Thousandths of a cpu; 0 means none asked for. */
  readonly cpus: number;
  /** Thousandths of a gpu; 0 means none asked for. */
  readonly gpus: number;
  readonly memoryMb: number;
  readonly ports: readonly PortSpec[];
  readonly volumes: readonly VolumeSpec[];
  /** How far a task may go beyond what it reserves; absent: not at all. */
  readonly limits: ResourceLimits;
}

export interface ResourceLimits {
  /** Thousandths of a cpu. */
  readonly cpus?: number | 'unlimited';
  readonly memoryMb?: number | 'unlimited';
}

export interface PortSpec {
  readonly name: string;
  /** 0: any free port, kept over relaunches. */
  readonly port: number;
  /** The environment variable that receives the number. */
  readonly envKey?: string;
  /** Listed under `/v1/endpoints`. */
  readonly advertise: boolean;
  readonly vip?: VipSpec;
  /** Where a dynamic port may lie, inclusive; none: anywhere. */
  readonly ranges: readonly { readonly begin: number; readonly end: number }[];
}

export interface VipSpec {
  readonly name: string;
  readonly port: number;
}

/** A persistent volume, cut from the agent's root disk or one mounted disk as a whole. */
export type VolumeSpec =
  | { readonly type: 'ROOT'; readonly containerPath: string; readonly sizeMb: number }
  | {
      readonly type: 'MOUNT';
      readonly containerPath: string;
      /** At least. */
      readonly sizeMb: number;
      /** The disk's profile is one of these; none: the disk has no profile. */
      readonly profiles: readonly string[];
    };

export interface NetworkSpec {
  readonly name: string;
  /** As written, each host port once, in their order; the ports of tasks come on top where the network maps ports. */
  readonly portMappings: readonly { readonly hostPort: number; readonly containerPort: number }[];
  readonly labels: Readonly<Record<string, string>>;
}

/** `RLIMIT_NOFILE`; without soft and hard it is unlimited. */
export interface RlimitSpec {
  readonly name: string;
  readonly soft?: number;
  readonly hard?: number;
}

/** Given to all tasks of the pod as a variable, a file, or both. */
export interface SecretSpec {
  readonly path: string;
  readonly envKey?: string;
  readonly file?: string;
}

export interface HostVolumeSpec {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly mode: 'RW' | 'RO';
}

/** A volume of a Docker volume driver. */
export interface ExternalVolumeSpec {
  readonly containerPath: string;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  /** Before the instance's index is added; absent: made of service and pod type. */
  readonly name?: string;
  readonly mode: 'RW' | 'RO';
}

export type SeccompSpec = { readonly kind: 'unconfined' } | { readonly kind: 'profile'; readonly name: string };

/** A file rendered in the sandbox. */
export interface ConfigSpec {
  readonly name: string;
  /** Where the rendered file goes. */
  readonly destination: string;
  /** The template's text, stored with the configuration. */
  readonly template: string;
}

export interface DiscoverySpec {
  /** The DNS name is `<prefix>-<index>` instead of the task name. */
  readonly prefix?: string;
  readonly visibility: 'FRAMEWORK' | 'CLUSTER' | 'EXTERNAL';
}

export interface TransportEncryptionSpec {
  readonly name: string;
  readonly type: 'TLS' | 'KEYSTORE';
}

export interface HealthCheckSpec {
  readonly command: string;
  readonly maxConsecutiveFailures: number;
  readonly delaySeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly gracePeriodSeconds: number;
}

export interface ReadinessCheckSpec {
  readonly command: string;
  readonly delaySeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
}

/** Where an instance may go (svc-yml 5.2 and 5.4). Instances are counted, not tasks. */
export type PlacementRule =
  | { readonly kind: 'all' | 'any'; readonly rules: readonly PlacementRule[] }
  | { readonly kind: 'not'; readonly rule: PlacementRule }
  /** At most `max` instances of the pod type with the same value. `hostname:UNIQUE` is max 1. */
  | { readonly kind: 'max-per'; readonly field: PlacementField; readonly max: number }
  /** Round robin over the values of the field, of which there are `values` if that is known. */
  | { readonly kind: 'group-by'; readonly field: PlacementField; readonly values?: number }
  /** Some value of the field is this text, or fully matches this regular expression. */
  | {
      readonly kind: 'value';
      readonly field: PlacementField;
      readonly match: 'exact' | 'regex';
      readonly text: string;
    }
  /** The region of the masters. */
  | { readonly kind: 'local-region' };

export type PlacementField =
  | { readonly kind: 'hostname' | 'zone' | 'region' }
  | { readonly kind: 'attribute'; readonly name: string };
