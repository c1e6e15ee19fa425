/** A task in the stored service spec (svc-yml 4.11), both ways. Promises to read what older versions of upstream have written too. */
import type {
  DiscoverySpec,
  Goal,
  HealthCheckSpec,
  ReadinessCheckSpec,
  TaskSpec,
  TransportEncryptionSpec,
} from '../service.ts';
import { type Owner, resourceSetFrom, type StoredResourceSet, storedResourceSet } from './resources.ts';

export interface StoredTask {
  name: string;
  goal: string;
  essential?: boolean;
  'resource-set': StoredResourceSet;
  'command-spec': { value: string; environment?: Record<string, string> | null };
  'task-labels'?: Record<string, string> | null;
  'health-check-spec'?: StoredHealthCheck | null;
  'readiness-check-spec'?: StoredCheck | null;
  'config-files'?: StoredConfig[] | null;
  'discovery-spec'?: StoredDiscovery | null;
  'kill-grace-period'?: number | null;
  'transport-encryption'?: TransportEncryptionSpec[] | null;
  'ipc-mode'?: 'PRIVATE' | 'SHARE_PARENT' | null;
  'shm-size'?: number | null;
}

interface StoredCheck {
  command: string;
  delay: number | null;
  interval: number;
  timeout: number;
}

interface StoredHealthCheck extends StoredCheck {
  'max-consecutive-failures': number;
  'grace-period'?: number;
  /** Upstream has written this name too. */
  gracePeriod?: number;
}

interface StoredConfig {
  name: string;
  'relative-path': string;
  'template-content': string;
}

interface StoredDiscovery {
  prefix?: string | null;
  visibility?: DiscoverySpec['visibility'] | null;
}

/** `networkNames`: those of its pod. */
export function storedTask(task: TaskSpec, owner: Owner, networkNames: readonly string[]): StoredTask {
  const { healthCheck, readinessCheck, discovery } = task;
  return {
    name: task.name,
    goal: task.goal,
    essential: task.essential,
    'resource-set': storedResourceSet(task.resourceSet, owner, networkNames),
    'command-spec': { value: task.command, environment: { ...task.environment } },
    'task-labels': { ...task.labels },
    'health-check-spec': healthCheck ? storedHealthCheck(healthCheck) : null,
    'readiness-check-spec': readinessCheck ? storedCheck(readinessCheck) : null,
    'config-files': task.configs.map(({ name, destination, template }) => ({
      name,
      'relative-path': destination,
      'template-content': template,
    })),
    'discovery-spec': discovery ? { prefix: discovery.prefix ?? null, visibility: discovery.visibility } : null,
    'kill-grace-period': task.killGracePeriodSeconds,
    'transport-encryption': task.transportEncryption.map(({ name, type }) => ({ name, type })),
    'ipc-mode': task.ipcMode ?? null,
    'shm-size': task.shmSizeMb ?? null,
  };
}

export function taskFrom(task: StoredTask): TaskSpec {
  const health = task['health-check-spec'];
  const readiness = task['readiness-check-spec'];
  const discovery = task['discovery-spec'];
  return {
    name: task.name,
    goal: goalFrom(task.goal),
    essential: task.essential ?? true,
    resourceSet: resourceSetFrom(task['resource-set']),
    command: task['command-spec'].value,
    environment: { ...task['command-spec'].environment },
    configs: (task['config-files'] ?? []).map((config) => ({
      name: config.name,
      destination: config['relative-path'],
      template: config['template-content'],
    })),
    ...(health ? { healthCheck: healthCheckFrom(health) } : {}),
    ...(readiness ? { readinessCheck: checkFrom(readiness) } : {}),
    ...(discovery ? { discovery: discoveryFrom(discovery) } : {}),
    transportEncryption: (task['transport-encryption'] ?? []).map(({ name, type }) => ({ name, type })),
    labels: { ...task['task-labels'] },
    killGracePeriodSeconds: task['kill-grace-period'] ?? 0,
    ...(task['ipc-mode'] ? { ipcMode: task['ipc-mode'] } : {}),
    ...(task['shm-size'] == null ? {} : { shmSizeMb: task['shm-size'] }),
  };
}

/** Old configurations say FINISHED for what is ONCE now. */
function goalFrom(goal: string): Goal {
  if (goal === 'FINISHED') return 'ONCE';
  if (goal === 'RUNNING' || goal === 'FINISH' || goal === 'ONCE') return goal;
  throw new Error(`this version cannot read the goal ${goal}`);
}

function storedCheck(check: ReadinessCheckSpec): StoredCheck {
  return {
    command: check.command,
    delay: check.delaySeconds,
    interval: check.intervalSeconds,
    timeout: check.timeoutSeconds,
  };
}

function checkFrom(check: StoredCheck): ReadinessCheckSpec {
  return {
    command: check.command,
    delaySeconds: check.delay ?? 0,
    intervalSeconds: check.interval,
    timeoutSeconds: check.timeout,
  };
}

function storedHealthCheck(check: HealthCheckSpec): StoredHealthCheck {
  const { command, ...times } = storedCheck(check);
  return {
    command,
    'max-consecutive-failures': check.maxConsecutiveFailures,
    ...times,
    'grace-period': check.gracePeriodSeconds,
  };
}

function healthCheckFrom(check: StoredHealthCheck): HealthCheckSpec {
  return {
    ...checkFrom(check),
    maxConsecutiveFailures: check['max-consecutive-failures'],
    gracePeriodSeconds: check['grace-period'] ?? check.gracePeriod ?? 0,
  };
}

function discoveryFrom({ prefix, visibility }: StoredDiscovery): DiscoverySpec {
  return { ...(prefix ? { prefix } : {}), visibility: visibility ?? 'CLUSTER' };
}
