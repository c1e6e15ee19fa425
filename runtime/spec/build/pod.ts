/** A checked definition as a ServiceSpec and its plans: units, derived names, defaults. Promises to be total: every mistake was found before. */
import { assert } from '../kit/assert.ts';
import { thousandths } from '../kit/resources.ts';
import type {
  Definition,
  HealthCheckDefinition,
  PhaseDefinition,
  PodDefinition,
  PortDefinition,
  ReadinessCheckDefinition,
  ReplacementDefinition,
  ResourcesDefinition,
  TaskDefinition,
  VolumeDefinition,
} from './definition.ts';
import { principalOf, privateSetOf, roleOf } from './names.ts';
import { parsePlacement } from './placement.ts';
import type {
  Goal,
  HealthCheckSpec,
  PhaseSpec,
  PhaseSteps,
  PlanSpecs,
  PodSpec,
  PortSpec,
  ReadinessCheckSpec,
  ReplacementPolicy,
  ResourceSet,
  ServiceSpec,
  TaskSpec,
  VolumeSpec,
} from './service.ts';

export function build(service: Definition): ServiceSpec {
  const { name, scheduler } = service;
  const user = scheduler.user || 'root';
  const replacement = service['replacement-failure-policy'];
  return {
    name,
    role: roleOf(name),
    principal: scheduler.principal || principalOf(name),
    user,
    zookeeper: scheduler.zookeeper || 'master.mesos:2181',
    ...(service['web-url'] ? { webUrl: service['web-url'] } : {}),
    pods: Object.entries(service.pods).map(([type, pod]) => podOf(type, pod, user)),
    ...(replacement ? { replacement: replacementOf(replacement) } : {}),
  };
}

function replacementOf(policy: ReplacementDefinition): ReplacementPolicy {
  return {
    permanentFailureTimeoutSeconds: policy['permanent-failure-timeout-secs'],
    minReplaceDelaySeconds: policy['min-replace-delay-secs'],
  };
}

export function buildPlans(service: Definition): PlanSpecs {
  return Object.entries(service.plans).map(([name, { strategy, phases }]) => ({
    name,
    strategy,
    phases: Object.entries(phases).map(([phase, definition]) => phaseOf(phase, definition)),
  }));
}

function phaseOf(name: string, { pod, strategy, steps }: PhaseDefinition): PhaseSpec {
  return {
    name,
    pod,
    strategy: strategy === 'canary' ? 'serial-canary' : strategy,
    ...(steps.length > 0 ? { steps: stepsOf(steps) } : {}),
  };
}

/** A step without tasks is none. */
function stepsOf(entries: PhaseDefinition['steps']): PhaseSteps {
  const lists = entries
    .flatMap((entry) => Object.entries(entry))
    .map(([key, steps]) => [key, steps.filter((tasks) => tasks.length > 0)] as const);
  const { default: otherwise, ...byIndex } = Object.fromEntries(lists);
  return { byIndex, ...(otherwise ? { otherwise } : {}) };
}

function podOf(type: string, pod: PodDefinition, user: string): PodSpec {
  const placement = parsePlacement(pod.placement);
  assert(placement.ok, 'a placement that was checked');
  return {
    type,
    user,
    count: pod.count,
    allowDecommission: pod['allow-decommission'],
    ...(placement.rule ? { placement: placement.rule } : {}),
    networks: [],
    rlimits: [],
    secrets: [],
    uris: [],
    volumes: [],
    hostVolumes: [],
    externalVolumes: [],
    sharePidNamespace: false,
    tasks: Object.entries(pod.tasks).map(([name, task]) => taskOf(name, task, pod)),
  };
}

function taskOf(name: string, task: TaskDefinition, pod: PodDefinition): TaskSpec {
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
    environment: { ...task.env },
    ...(health ? { healthCheck: healthCheckOf(health) } : {}),
    ...(readiness ? { readinessCheck: readinessCheckOf(readiness) } : {}),
    configs: [],
    transportEncryption: [],
    labels: {},
    killGracePeriodSeconds: task['kill-grace-period'],
  };
}

function resourceSetOf(id: string, resources: ResourcesDefinition): ResourceSet {
  const volumes = resources.volume ? [resources.volume] : Object.values(resources.volumes ?? {});
  return {
    id,
    cpus: thousandths(resources.cpus ?? 0),
    gpus: 0,
    memoryMb: resources.memory ?? 0,
    ports: Object.entries(resources.ports ?? {}).map(([name, port]) => portOf(name, port)),
    volumes: volumes.map(volumeOf),
    limits: {},
  };
}

function portOf(name: string, port: PortDefinition): PortSpec {
  return {
    name,
    port: port.port,
    ...(port['env-key'] ? { envKey: port['env-key'] } : {}),
    advertise: port.advertise,
    ranges: [],
  };
}

function volumeOf(volume: VolumeDefinition): VolumeSpec {
  return { type: volume.type, containerPath: volume.path, sizeMb: volume.size };
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
