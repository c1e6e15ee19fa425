/** The shape of a definition that passed the schema, defaults filled in: what `schema/svc.schema.json` says, as types. */

export interface Definition {
  readonly name: string;
  readonly 'web-url'?: string;
  readonly scheduler: { readonly principal?: string; readonly user: string; readonly zookeeper: string };
  readonly 'replacement-failure-policy'?: ReplacementDefinition;
  readonly pods: Readonly<Record<string, PodDefinition>>;
  readonly plans: Readonly<Record<string, PlanDefinition>>;
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

export interface ReplacementDefinition {
  readonly 'permanent-failure-timeout-secs': number;
  readonly 'min-replace-delay-secs': number;
}

export interface PodDefinition {
  readonly count: number;
  readonly 'allow-decommission': boolean;
  readonly placement: string;
  readonly 'resource-sets': Readonly<Record<string, ResourcesDefinition>>;
  readonly tasks: Readonly<Record<string, TaskDefinition>>;
}

/** What a resource set holds, and a task that has resources of its own. */
export interface ResourcesDefinition {
  readonly cpus?: number;
  readonly memory?: number;
  readonly ports?: Readonly<Record<string, PortDefinition>>;
  readonly volume?: VolumeDefinition;
  readonly volumes?: Readonly<Record<string, VolumeDefinition>>;
}

export interface TaskDefinition extends ResourcesDefinition {
  readonly goal: string;
  readonly essential: boolean;
  readonly cmd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Empty: the task's own resources. */
  readonly 'resource-set': string;
  readonly 'health-check'?: HealthCheckDefinition;
  readonly 'readiness-check'?: ReadinessCheckDefinition;
  readonly 'kill-grace-period': number;
}

export interface PortDefinition {
  readonly port: number;
  readonly 'env-key'?: string;
  readonly advertise: boolean;
}

export interface VolumeDefinition {
  readonly path: string;
  readonly type: 'ROOT';
  readonly size: number;
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
