/**
 * The service spec as it is stored and served by `/v1/configurations`: upstream's JSON (svc.yml section 4.11); and the plans, as
 * JSON of our own. Promises that what is written reads back equal, and that properties of other versions are read past.
 */
import { assert } from '../kit/assert.ts';
import { fromThousandths, thousandths } from '../kit/resources.ts';
import type {
  Goal,
  HealthCheckSpec,
  PhaseSpec,
  PhaseSteps,
  PlacementRule,
  PlanSpec,
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

/** Who reserves: upstream repeats it on every resource. */
type Owner = Readonly<Record<'role' | 'pre-reserved-role' | 'principal', string>>;

/** Plain JSON with the members and the order that upstream prints; members that are not set are null or empty. */
export function toStored(spec: ServiceSpec): unknown {
  const owner: Owner = { role: spec.role, 'pre-reserved-role': '*', principal: spec.principal };
  return {
    name: spec.name,
    role: spec.role,
    principal: spec.principal,
    user: spec.user,
    goal: 'RUNNING',
    region: null,
    'web-url': spec.webUrl ?? null,
    zookeeper: spec.zookeeper,
    'replacement-failure-policy': spec.replacement ? storedReplacement(spec.replacement) : null,
    'pod-specs': spec.pods.map((pod) => storedPod(pod, owner)),
  };
}

/** The capital S is upstream's. */
function storedReplacement(policy: ReplacementPolicy) {
  return {
    'permanent-failure-timeout-secs': policy.permanentFailureTimeoutSeconds,
    'min-replace-delay-Secs': policy.minReplaceDelaySeconds,
  };
}

function storedPod(pod: PodSpec, owner: Owner) {
  return {
    type: pod.type,
    user: pod.user,
    count: pod.count,
    'allow-decommission': pod.allowDecommission,
    image: null,
    networks: [],
    rlimits: [],
    uris: [],
    'task-specs': pod.tasks.map((task) => storedTask(task, owner)),
    'placement-rule': pod.placement ? storedPlacement(pod.placement, pod.type) : null,
    volumes: [],
    'pre-reserved-role': '*',
    secrets: [],
    'share-pid-namespace': false,
    'host-volumes': [],
    'external-volumes': [],
    'seccomp-unconfined': false,
    'seccomp-profile-name': null,
    'ipc-mode': null,
    'shm-size': null,
  };
}

function storedPlacement(rule: PlacementRule, podType: string) {
  assert(rule.kind === 'max-per', 'a rule that the reader makes');
  return {
    '@type': 'MaxPerHostnameRule',
    max: rule.max,
    'task-filter': { '@type': 'RegexMatcher', pattern: `${podType}-.*` },
  };
}

function storedTask(task: TaskSpec, owner: Owner) {
  const { healthCheck, readinessCheck } = task;
  return {
    name: task.name,
    goal: task.goal,
    essential: task.essential,
    'resource-set': storedResourceSet(task.resourceSet, owner),
    'command-spec': { value: task.command, environment: { ...task.environment } },
    'task-labels': {},
    'health-check-spec': healthCheck
      ? {
          command: healthCheck.command,
          'max-consecutive-failures': healthCheck.maxConsecutiveFailures,
          delay: healthCheck.delaySeconds,
          interval: healthCheck.intervalSeconds,
          timeout: healthCheck.timeoutSeconds,
          'grace-period': healthCheck.gracePeriodSeconds,
        }
      : null,
    'readiness-check-spec': readinessCheck
      ? {
          command: readinessCheck.command,
          delay: readinessCheck.delaySeconds,
          interval: readinessCheck.intervalSeconds,
          timeout: readinessCheck.timeoutSeconds,
        }
      : null,
    'config-files': [],
    'discovery-spec': null,
    'kill-grace-period': task.killGracePeriodSeconds,
    'transport-encryption': [],
    'ipc-mode': null,
    'shm-size': null,
  };
}

function storedResourceSet(set: ResourceSet, owner: Owner) {
  const scalar = (name: string, value: number) => ({
    '@type': 'DefaultResourceSpec',
    name,
    value: scalarValue(value),
    ...owner,
  });
  return {
    id: set.id,
    'resource-specifications': [
      ...(set.cpus > 0 ? [scalar('cpus', fromThousandths(set.cpus))] : []),
      ...(set.memoryMb > 0 ? [scalar('mem', set.memoryMb)] : []),
      ...set.ports.map((port) => ({
        '@type': 'PortSpec',
        name: 'ports',
        value: { type: 'RANGES', ranges: { range: [{ begin: port.port, end: port.port }] } },
        ...owner,
        'port-name': port.name,
        'env-key': port.envKey ?? null,
        visibility: port.advertise ? 'EXTERNAL' : 'CLUSTER',
        'network-names': [],
        ranges: [],
      })),
    ],
    'volume-specifications': set.volumes.map((volume) => ({
      '@type': 'DefaultVolumeSpec',
      type: volume.type,
      'container-path': volume.containerPath,
      profiles: [],
      name: 'disk',
      value: scalarValue(volume.sizeMb),
      ...owner,
    })),
    ...owner,
    'resource-limits': {},
  };
}

function scalarValue(value: number) {
  return { type: 'SCALAR', scalar: { value } };
}

/** What we read of a stored spec; everything else in it is left alone. */
interface StoredService {
  name: string;
  role: string;
  principal: string;
  user: string | null;
  zookeeper: string;
  'web-url'?: string | null;
  'replacement-failure-policy'?: StoredReplacement | null;
  'pod-specs': StoredPod[];
}

interface StoredReplacement {
  'permanent-failure-timeout-secs'?: number | null;
  'min-replace-delay-Secs'?: number | null;
  /** Upstream reads this spelling too. */
  'min-replace-delay-secs'?: number | null;
}

interface StoredPod {
  type: string;
  user: string | null;
  count: number;
  'allow-decommission': boolean;
  'task-specs': StoredTask[];
  'placement-rule'?: { '@type': string; max?: number } | null;
}

interface StoredTask {
  name: string;
  goal: string;
  essential?: boolean;
  'resource-set': { id: string; 'resource-specifications': StoredResource[]; 'volume-specifications': StoredVolume[] };
  'command-spec': { value: string; environment?: Record<string, string> | null };
  'health-check-spec'?: StoredHealthCheck | null;
  'readiness-check-spec'?: StoredCheck | null;
  'kill-grace-period'?: number | null;
}

interface StoredResource {
  '@type': string;
  name: string;
  value: { scalar?: { value: number }; ranges?: { range?: { begin: number; end: number }[] } };
  'port-name'?: string;
  'env-key'?: string | null;
  visibility?: string;
}

interface StoredVolume {
  type: string;
  'container-path': string;
  value: { scalar: { value: number } };
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

/**
 * Throws when the JSON is no stored spec, or holds what this version cannot keep (another placement rule, a MOUNT volume): the caller keeps the
 * configuration and says that it cannot be read.
 */
export function fromStored(json: unknown): ServiceSpec {
  const stored = json as StoredService;
  if (typeof stored?.name !== 'string' || !Array.isArray(stored['pod-specs']))
    throw new Error('this is not a stored service specification');
  const user = stored.user ?? 'root';
  const replacement = stored['replacement-failure-policy'];
  return {
    name: stored.name,
    role: stored.role,
    principal: stored.principal,
    user,
    zookeeper: stored.zookeeper,
    ...(stored['web-url'] ? { webUrl: stored['web-url'] } : {}),
    pods: stored['pod-specs'].map((pod) => ({
      type: pod.type,
      user: pod.user ?? user,
      count: pod.count,
      allowDecommission: pod['allow-decommission'],
      ...placementFrom(pod['placement-rule']),
      networks: [],
      rlimits: [],
      secrets: [],
      uris: [],
      volumes: [],
      hostVolumes: [],
      externalVolumes: [],
      sharePidNamespace: false,
      tasks: pod['task-specs'].map(taskFrom),
    })),
    ...(replacement ? { replacement: replacementFrom(replacement) } : {}),
  };
}

/** Upstream's defaults. */
function replacementFrom(policy: StoredReplacement): ReplacementPolicy {
  return {
    permanentFailureTimeoutSeconds: policy['permanent-failure-timeout-secs'] ?? 1200,
    minReplaceDelaySeconds: policy['min-replace-delay-Secs'] ?? policy['min-replace-delay-secs'] ?? 10,
  };
}

function placementFrom(rule: StoredPod['placement-rule']): { placement?: PlacementRule } {
  if (!rule) return {};
  if (rule['@type'] !== 'MaxPerHostnameRule' || !rule.max)
    throw new Error(`this version cannot read the placement rule ${rule['@type']}`);
  return { placement: { kind: 'max-per', field: { kind: 'hostname' }, max: rule.max } };
}

/** Old configurations say FINISHED for what is ONCE now. */
function goalFrom(goal: string): Goal {
  if (goal === 'FINISHED') return 'ONCE';
  if (goal === 'RUNNING' || goal === 'FINISH' || goal === 'ONCE') return goal;
  throw new Error(`this version cannot read the goal ${goal}`);
}

function taskFrom(task: StoredTask): TaskSpec {
  const set = task['resource-set'];
  const resources = set['resource-specifications'];
  const scalar = (name: string) => resources.find((resource) => resource.name === name)?.value.scalar?.value ?? 0;
  const health = task['health-check-spec'];
  const readiness = task['readiness-check-spec'];
  return {
    name: task.name,
    goal: goalFrom(task.goal),
    essential: task.essential ?? true,
    resourceSet: {
      id: set.id,
      cpus: thousandths(scalar('cpus')),
      gpus: 0,
      memoryMb: scalar('mem'),
      ports: resources.filter((resource) => resource['port-name'] !== undefined).map(portFrom),
      volumes: set['volume-specifications'].map(volumeFrom),
      limits: {},
    },
    command: task['command-spec'].value,
    environment: { ...task['command-spec'].environment },
    ...(health ? { healthCheck: healthCheckFrom(health) } : {}),
    ...(readiness ? { readinessCheck: readinessCheckFrom(readiness) } : {}),
    configs: [],
    transportEncryption: [],
    labels: {},
    killGracePeriodSeconds: task['kill-grace-period'] ?? 0,
  };
}

function portFrom(resource: StoredResource): PortSpec {
  const envKey = resource['env-key'];
  return {
    name: resource['port-name'] ?? '',
    port: resource.value.ranges?.range?.[0]?.begin ?? 0,
    ...(envKey ? { envKey } : {}),
    advertise: resource.visibility === 'EXTERNAL',
    ranges: [],
  };
}

function volumeFrom(volume: StoredVolume): VolumeSpec {
  if (volume.type !== 'ROOT') throw new Error(`this version cannot read the volume type ${volume.type}`);
  return { type: 'ROOT', containerPath: volume['container-path'], sizeMb: volume.value.scalar.value };
}

function readinessCheckFrom(check: StoredCheck): ReadinessCheckSpec {
  return {
    command: check.command,
    delaySeconds: check.delay ?? 0,
    intervalSeconds: check.interval,
    timeoutSeconds: check.timeout,
  };
}

function healthCheckFrom(check: StoredHealthCheck): HealthCheckSpec {
  return {
    ...readinessCheckFrom(check),
    maxConsecutiveFailures: check['max-consecutive-failures'],
    gracePeriodSeconds: check['grace-period'] ?? check.gracePeriod ?? 0,
  };
}

interface StoredPlan extends Omit<PlanSpec, 'phases'> {
  phases: StoredPhase[];
}

/** `steps` by the keys of the file: indexes and `default`. */
interface StoredPhase extends Omit<PhaseSpec, 'steps'> {
  steps?: Record<string, readonly (readonly string[])[]>;
}

/** The plans in their order; upstream stores none, so they have a node of our own. */
export function plansToJson(plans: PlanSpecs): unknown {
  return plans.map(
    (plan): StoredPlan => ({
      ...plan,
      phases: plan.phases.map(({ steps, ...phase }) => ({ ...phase, ...(steps ? { steps: storedSteps(steps) } : {}) })),
    }),
  );
}

function storedSteps({ byIndex, otherwise }: PhaseSteps): StoredPhase['steps'] {
  return { ...byIndex, ...(otherwise ? { default: otherwise } : {}) };
}

/** Throws when the JSON is no list of plans. */
export function plansFromJson(json: unknown): PlanSpecs {
  if (!Array.isArray(json)) throw new Error('these are not stored plans');
  return (json as StoredPlan[]).map(({ name, strategy, phases }) => ({
    name,
    strategy,
    phases: phases.map(({ name, pod, strategy, steps }) => ({
      name,
      pod,
      strategy,
      ...(steps ? { steps: stepsFrom(steps) } : {}),
    })),
  }));
}

function stepsFrom({ default: otherwise, ...byIndex }: NonNullable<StoredPhase['steps']>): PhaseSteps {
  return { byIndex, ...(otherwise ? { otherwise } : {}) };
}
