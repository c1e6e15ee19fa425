/**
 * The checked service: what a rendered `svc.yml` means, with every default filled in. Promises plain, immutable data that the
 * core plans with and that `spec/stored.ts` writes to and reads from the store without loss.
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
  /** In the order of the file, which is the order of the default deploy plan. Never empty. */
  readonly pods: readonly PodSpec[];
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
  readonly environment: Readonly<Record<string, string>>;
  readonly healthCheck?: HealthCheckSpec;
  readonly readinessCheck?: ReadinessCheckSpec;
  readonly killGracePeriodSeconds: number;
}

/** What a task reserves. Two tasks of a pod with the same set id share one reservation and never run together. */
export interface ResourceSet {
  readonly id: string;
  /** Thousandths of a cpu; 0 means none asked for. */
  readonly cpus: number;
  readonly memoryMb: number;
  readonly ports: readonly PortSpec[];
  readonly volumes: readonly VolumeSpec[];
}

export interface PortSpec {
  readonly name: string;
  /** 0: any free port, kept over relaunches. */
  readonly port: number;
  /** The environment variable that receives the number. */
  readonly envKey?: string;
  /** Listed under `/v1/endpoints`. */
  readonly advertise: boolean;
}

/** A persistent volume cut from the agent's root disk. */
export interface VolumeSpec {
  readonly type: 'ROOT';
  readonly containerPath: string;
  readonly sizeMb: number;
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

/** At most `max` instances of the pod type with the same value of `field`. `hostname:UNIQUE` is max 1 (svc-yml 5.2). */
export interface PlacementRule {
  readonly kind: 'max-per';
  readonly field: 'hostname';
  readonly max: number;
}
