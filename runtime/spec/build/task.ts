/** A task of a checked definition. Promises its environment in the order of svc-yml 4.3; the scheduler's own variables come later. */
import { assert } from '../../kit/assert.ts';
import type {
  ConfigDefinition,
  DiscoveryDefinition,
  HealthCheckDefinition,
  PodDefinition,
  ReadinessCheckDefinition,
  TaskDefinition,
} from '../definition.ts';
import { privateSetOf } from '../names.ts';
import type { ConfigSpec, DiscoverySpec, Goal, HealthCheckSpec, ReadinessCheckSpec, TaskSpec } from '../service.ts';
import { labelsOf, resourceSetOf } from './resources.ts';

/** The variables of a pod's tasks that lie below and above a task's own. */
export interface PodVariables {
  readonly below: Readonly<Record<string, string>>;
  readonly above: Readonly<Record<string, string>>;
}

export function taskOf(
  name: string,
  task: TaskDefinition,
  pod: PodDefinition,
  variables: PodVariables,
  templates: ReadonlyMap<string, string>,
): TaskSpec {
  const set = task['resource-set'];
  const shared = pod['resource-sets'][set];
  const health = task['health-check'];
  const readiness = task['readiness-check'];
  return {
    name,
    goal: task.goal.toUpperCase() as Goal,
    essential: task.essential,
    resourceSet: shared ? resourceSetOf(set, shared) : resourceSetOf(privateSetOf(name), task),
    command: task.cmd,
    environment: { ...variables.below, ...task.env, ...variables.above },
    configs: Object.entries(task.configs).map(([config, definition]) => configOf(config, definition, templates)),
    ...(health ? { healthCheck: healthCheckOf(health) } : {}),
    ...(readiness ? { readinessCheck: readinessCheckOf(readiness) } : {}),
    ...(task.discovery ? { discovery: discoveryOf(task.discovery) } : {}),
    transportEncryption: task['transport-encryption'].map(({ name: files, type }) => ({ name: files, type })),
    labels: labelsOf(task.labels),
    killGracePeriodSeconds: task['kill-grace-period'],
    ...(task['ipc-mode'] === undefined ? {} : { ipcMode: task['ipc-mode'] }),
    ...(task['shm-size'] === undefined ? {} : { shmSizeMb: task['shm-size'] }),
  };
}

function configOf(
  name: string,
  { template, dest }: ConfigDefinition,
  templates: ReadonlyMap<string, string>,
): ConfigSpec {
  const text = templates.get(template);
  assert(text !== undefined, 'a template that was read');
  return { name, destination: dest, template: text };
}

function discoveryOf({ prefix, visibility }: DiscoveryDefinition): DiscoverySpec {
  return { ...(prefix ? { prefix } : {}), visibility };
}

function healthCheckOf(check: HealthCheckDefinition): HealthCheckSpec {
  return {
    command: check.cmd,
    maxConsecutiveFailures: check['max-consecutive-failures'],
    delaySeconds: check.delay,
    intervalSeconds: check.interval,
    timeoutSeconds: check.timeout,
    gracePeriodSeconds: check['grace-period'],
  };
}

function readinessCheckOf(check: ReadinessCheckDefinition): ReadinessCheckSpec {
  return {
    command: check.cmd,
    delaySeconds: check.delay,
    intervalSeconds: check.interval,
    timeoutSeconds: check.timeout,
  };
}
