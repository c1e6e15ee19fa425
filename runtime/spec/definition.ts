/**
 * The shape of a definition that passed the schema, defaults filled in: what `schema/svc.schema.json` says, as types. Promises one
 * interface for each part of the schema that has fields, under its name there; a test holds the two together.
 */

export interface Definition {
  readonly name: string;
  readonly 'web-url'?: string;
  readonly scheduler: SchedulerDefinition;
  readonly region?: string;
  readonly 'masked-env': readonly string[];
  readonly 'replacement-failure-policy'?: ReplacementFailurePolicyDefinition;
  readonly pods: Readonly<Record<string, PodDefinition>>;
  readonly endpoints: Readonly<Record<string, EndpointDefinition>>;
  readonly plans: Readonly<Record<string, PlanDefinition>>;
}

export interface SchedulerDefinition {
  readonly principal?: string;
  readonly user: string;
  readonly zookeeper: string;
}

export interface ReplacementFailurePolicyDefinition {
  readonly 'permanent-failure-timeout-secs': number;
  readonly 'min-replace-delay-secs': number;
}

export interface EndpointDefinition {
  readonly template: string;
}

export interface PlanDefinition {
  readonly strategy: 'serial' | 'parallel';
  readonly phases: Readonly<Record<string, PhaseDefinition>>;
}

export interface PhaseDefinition {
  readonly pod: string;
  readonly strategy: 'serial' | 'parallel' | 'serial-canary' | 'canary' | 'parallel-canary';
  /** Maps of one entry: task names by step, for an index or `default`. */
  readonly steps: readonly Readonly<Record<string, readonly (readonly string[])[]>>[];
}

export interface PodDefinition {
  readonly count: number;
  readonly 'allow-decommission': boolean;
  readonly placement: string;
  readonly image?: string;
  readonly networks: Readonly<Record<string, NetworkDefinition>>;
  readonly rlimits: Readonly<Record<string, RlimitDefinition>>;
  readonly secrets: Readonly<Record<string, SecretDefinition>>;
  readonly uris: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly volume?: VolumeDefinition;
  readonly volumes?: Readonly<Record<string, VolumeDefinition>>;
  readonly 'host-volumes': Readonly<Record<string, HostVolumeDefinition>>;
  readonly 'external-volumes': Readonly<Record<string, ExternalVolumeDefinition>>;
  readonly 'resource-sets': Readonly<Record<string, ResourceSetDefinition>>;
  /** `*`: resources that nobody reserved. */
  readonly 'pre-reserved-role': string;
  readonly 'share-pid-namespace': boolean;
  readonly 'seccomp-unconfined': boolean;
  readonly 'seccomp-profile-name'?: string;
  readonly 'ipc-mode'?: 'PRIVATE';
  readonly 'shm-size'?: number;
  readonly tasks: Readonly<Record<string, TaskDefinition>>;
}

export interface NetworkDefinition {
  readonly 'host-ports': readonly number[];
  readonly 'container-ports': readonly number[];
  readonly labels: string;
}

export interface RlimitDefinition {
  readonly soft?: number;
  readonly hard?: number;
}

export interface SecretDefinition {
  readonly secret: string;
  readonly 'env-key'?: string;
  readonly file?: string;
}

export interface HostVolumeDefinition {
  readonly 'host-path': string;
  readonly 'container-path': string;
  readonly mode: 'RW' | 'RO';
}

export interface ExternalVolumeDefinition {
  readonly type: 'DOCKER';
  readonly 'driver-name': string;
  readonly 'container-path': string;
  readonly 'driver-options': string;
  readonly 'volume-name'?: string;
  readonly 'volume-mode': 'RW' | 'RO';
}

/** What a resource set holds, and a task that has resources of its own. */
export interface ResourceSetDefinition {
  readonly cpus?: number;
  readonly gpus?: number;
  readonly memory?: number;
  readonly ports?: Readonly<Record<string, PortDefinition>>;
  readonly volume?: VolumeDefinition;
  readonly volumes?: Readonly<Record<string, VolumeDefinition>>;
  readonly 'resource-limits'?: ResourceLimitsDefinition;
}

/** `unlimited`, a number, or blank. */
export interface ResourceLimitsDefinition {
  readonly cpus?: string;
  readonly memory?: string;
}

export interface TaskDefinition extends ResourceSetDefinition {
  readonly goal: string;
  readonly essential: boolean;
  readonly cmd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly configs: Readonly<Record<string, ConfigDefinition>>;
  /** Empty: the task's own resources. */
  readonly 'resource-set': string;
  readonly 'health-check'?: HealthCheckDefinition;
  readonly 'readiness-check'?: ReadinessCheckDefinition;
  readonly discovery?: DiscoveryDefinition;
  readonly 'transport-encryption': readonly TransportEncryptionDefinition[];
  readonly labels: string;
  readonly 'kill-grace-period': number;
  readonly 'ipc-mode'?: 'PRIVATE' | 'SHARE_PARENT';
  readonly 'shm-size'?: number;
}

export interface ConfigDefinition {
  readonly template: string;
  readonly dest: string;
}

export interface PortDefinition {
  readonly port: number;
  readonly 'env-key'?: string;
  readonly advertise: boolean;
  readonly vip?: VipDefinition;
  readonly ranges: readonly RangeDefinition[];
}

export interface VipDefinition {
  readonly port: number;
  readonly prefix?: string;
}

export interface RangeDefinition {
  readonly begin: number;
  readonly end: number;
}

export interface VolumeDefinition {
  readonly path: string;
  readonly type: 'ROOT' | 'MOUNT';
  readonly profiles: readonly string[];
  readonly size: number;
}

export interface DiscoveryDefinition {
  readonly prefix?: string;
  readonly visibility: 'FRAMEWORK' | 'CLUSTER' | 'EXTERNAL';
}

export interface TransportEncryptionDefinition {
  readonly name: string;
  readonly type: 'TLS' | 'KEYSTORE';
}

export interface HealthCheckDefinition {
  readonly cmd: string;
  readonly interval: number;
  readonly timeout: number;
  readonly delay: number;
  readonly 'grace-period': number;
  readonly 'max-consecutive-failures': number;
}

export interface ReadinessCheckDefinition {
  readonly cmd: string;
  readonly interval: number;
  readonly timeout: number;
  readonly delay: number;
}
