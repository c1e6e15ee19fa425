/**
 * The Mesos messages of a launch: TaskInfo and ExecutorInfo exactly as operators of the field know them (scheduler-behaviour
 * 4.10, svc-yml 4.2 to 4.9). Promises to build, never to choose: resources, ids and ports are handed in.
 */
import type {
  CommandInfo,
  DiscoveryInfo,
  Environment,
  ExecutorInfo,
  Label,
  Offer,
  Port,
  Resource,
  TaskInfo,
} from '../../kit/mesos.ts';
import type { PodSpec, ReadinessCheckSpec, ServiceSpec, TaskSpec } from '../../spec/service.ts';
import type { Settings } from '../state.ts';
import { autoIpName, frameworkHost, frameworkVipHost, taskName } from './name.ts';
import { sortedLabels } from './record.ts';

/** Everything about a launch that is the same for all tasks of the pod instance. */
export interface LaunchContext {
  readonly settings: Settings;
  readonly frameworkId: string;
  readonly spec: ServiceSpec;
  readonly configId: string;
  readonly pod: PodSpec;
  readonly index: number;
  /** Any offer of the agent: host name, attributes and domain are the agent's. */
  readonly offer: Offer;
  /** Of the plan that launches: extra environment of commands, not of checks. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface AssignedPort {
  readonly name: string;
  readonly number: number;
  readonly envKey?: string;
  readonly advertise: boolean;
}

export function executorInfo(context: LaunchContext, executorId: string, resources: Resource[]): ExecutorInfo {
  return {
    type: 'DEFAULT',
    executor_id: { value: executorId },
    framework_id: { value: context.frameworkId },
    name: context.pod.type,
    container: { type: 'MESOS', linux_info: { share_cgroups: false } },
    labels: { labels: [{ key: 'DCOS_SPACE', value: context.settings.space }] },
    resources,
  };
}

export function taskInfo(
  context: LaunchContext,
  task: TaskSpec,
  id: string,
  resources: Resource[],
  ports: readonly AssignedPort[],
  paused: boolean,
): TaskInfo {
  const name = taskName(context.pod.type, context.index, task.name);
  const environment = environmentOf(context, task, ports);
  const info: TaskInfo = {
    name,
    task_id: { value: id },
    agent_id: context.offer.agent_id,
    resources,
    command: {
      value: paused ? context.settings.pauseCommand : task.command,
      environment: withDomain(withParameters(environment, context.parameters), context.offer),
      user: context.pod.user,
    },
    container: { type: 'MESOS', linux_info: { share_cgroups: false } },
    kill_policy: { grace_period: { nanoseconds: task.killGracePeriodSeconds * 1e9 } },
    labels: { labels: labels(context) },
  };
  const discovery = discoveryOf(name, ports);
  if (discovery) info.discovery = discovery;
  const health = paused ? undefined : task.healthCheck;
  if (health) {
    info.health_check = {
      type: 'COMMAND',
      delay_seconds: health.delaySeconds,
      interval_seconds: health.intervalSeconds,
      timeout_seconds: health.timeoutSeconds,
      consecutive_failures: health.maxConsecutiveFailures,
      grace_period_seconds: health.gracePeriodSeconds,
      command: shell(health.command, environment),
    };
  }
  const readiness = paused ? NEVER_READY : task.readinessCheck;
  if (readiness) {
    info.check = {
      type: 'COMMAND',
      delay_seconds: readiness.delaySeconds,
      interval_seconds: readiness.intervalSeconds,
      timeout_seconds: readiness.timeoutSeconds,
      command: { command: shell(readiness.command, environment) },
    };
  }
  return info;
}

/** A paused task runs, but is never what it should be (scheduler-behaviour 8.3). */
const NEVER_READY: ReadinessCheckSpec = { command: 'exit 1', delaySeconds: 0, intervalSeconds: 5, timeoutSeconds: 5 };

function withParameters(environment: Environment, parameters: Readonly<Record<string, string>> = {}): Environment {
  const extra = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  return extra.length === 0 ? environment : { variables: [...(environment.variables ?? []), ...extra] };
}

function shell(value: string, environment: Environment): CommandInfo {
  return { value, environment };
}

/** The task's environment without what depends on the agent: also that of its checks. Sorted by name (svc-yml 4.3). */
function environmentOf(context: LaunchContext, task: TaskSpec, ports: readonly AssignedPort[]): Environment {
  const { settings, spec, pod, index } = context;
  const name = taskName(pod.type, index, task.name);
  const values: Record<string, string> = {
    ...task.environment,
    TASK_NAME: name,
    [name]: 'true',
    POD_INSTANCE_INDEX: String(index),
    FRAMEWORK_NAME: spec.name,
    FRAMEWORK_HOST: frameworkHost(spec.name, settings.serviceTld),
    FRAMEWORK_VIP_HOST: frameworkVipHost(spec.name, settings.vipTld),
    SCHEDULER_API_HOSTNAME: autoIpName(spec.name, settings.marathonName, settings.serviceTld),
    SCHEDULER_API_PORT: String(settings.apiPort),
    PLACEMENT_REFERENCED_REGION: 'false',
    PLACEMENT_REFERENCED_ZONE: 'false',
  };
  for (const port of ports) if (port.envKey) values[port.envKey] = String(port.number);
  const names = Object.keys(values).sort();
  return { variables: names.map((key) => ({ name: key, value: values[key] ?? '' })) };
}

function withDomain(environment: Environment, offer: Offer): Environment {
  const domain = offer.domain?.fault_domain;
  if (!domain) return environment;
  return {
    variables: [
      ...(environment.variables ?? []),
      { name: 'REGION', value: domain.region.name },
      { name: 'ZONE', value: domain.zone.name },
    ],
  };
}

function discoveryOf(name: string, ports: readonly AssignedPort[]): DiscoveryInfo | undefined {
  if (ports.length === 0) return undefined;
  return {
    visibility: 'CLUSTER',
    name,
    ports: {
      ports: ports.map(
        (port): Port => ({
          number: port.number,
          name: port.name,
          protocol: 'tcp',
          visibility: port.advertise ? 'EXTERNAL' : 'CLUSTER',
        }),
      ),
    },
  };
}

function labels(context: LaunchContext): Label[] {
  const { offer } = context;
  const all: Label[] = [
    { key: 'target_configuration', value: context.configId },
    { key: 'task_type', value: context.pod.type },
    { key: 'index', value: String(context.index) },
    { key: 'offer_hostname', value: offer.hostname },
    { key: 'offer_attributes', value: attributesText(offer) },
  ];
  const domain = offer.domain?.fault_domain;
  if (domain) {
    all.push({ key: 'offer_region', value: domain.region.name }, { key: 'offer_zone', value: domain.zone.name });
  }
  return sortedLabels(all);
}

/** `rack:r1;load:0.500;slots:[1-4];zones:{a,b}` (svc-yml 5.3). */
function attributesText(offer: Offer): string {
  return (offer.attributes ?? [])
    .map((attribute) => {
      switch (attribute.type) {
        case 'TEXT':
          return `${attribute.name}:${attribute.text?.value ?? ''}`;
        case 'SCALAR':
          return `${attribute.name}:${(attribute.scalar?.value ?? 0).toFixed(3)}`;
        case 'RANGES':
          return `${attribute.name}:[${(attribute.ranges?.range ?? []).map((r) => `${r.begin}-${r.end}`).join(',')}]`;
        case 'SET':
          return `${attribute.name}:{${(attribute.set?.item ?? []).join(',')}}`;
        default:
          return attribute.name;
      }
    })
    .join(';');
}
