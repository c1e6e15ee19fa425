/** Services by chance, for laws that hold for every definition. */
import fc from 'fast-check';
import type { PodSpec, ServiceSpec, TaskSpec, VolumeSpec } from '../../runtime/spec/service.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const names = fc.array(name, { maxLength: 3 });
const map = fc.dictionary(name, fc.string(), { maxKeys: 3, noNullPrototype: true });
const count = fc.nat(100);
const portNumber = fc.nat(65535);
const rlimit = fc.constantFrom('RLIMIT_AS', 'RLIMIT_CORE', 'RLIMIT_NOFILE', 'RLIMIT_STACK');
const mode = fc.constantFrom('RW' as const, 'RO' as const);

/** Plain objects with all of these fields. */
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { noNullPrototype: true });

/** Plain objects with the first fields, and with or without each of the others. */
const some = <T extends object, O extends object>(
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
  others: { [K in keyof O]: fc.Arbitrary<O[K]> },
): fc.Arbitrary<T & Partial<O>> =>
  fc
    .tuple(record(fields), fc.record(others, { noNullPrototype: true, requiredKeys: [] }))
    .map(([a, b]) => ({ ...a, ...b }) as T & Partial<O>);

const volume: fc.Arbitrary<VolumeSpec> = fc.oneof(
  record({ type: fc.constant('ROOT' as const), containerPath: name, sizeMb: count }),
  record({ type: fc.constant('MOUNT' as const), containerPath: name, sizeMb: count, profiles: names }),
);
const volumes = fc.array(volume, { maxLength: 2 });

const port = some(
  {
    name,
    port: portNumber,
    advertise: fc.boolean(),
    ranges: fc.array(record({ begin: portNumber, end: portNumber }), { maxLength: 2 }),
  },
  { envKey: name, vip: record({ name, port: portNumber }) },
);

const limit = fc.oneof(fc.constant('unlimited' as const), fc.nat(64_000));
const check = { command: fc.string(), delaySeconds: count, intervalSeconds: count, timeoutSeconds: count };

const task: fc.Arbitrary<TaskSpec> = some(
  {
    name,
    goal: fc.constantFrom('RUNNING' as const, 'FINISH' as const, 'ONCE' as const),
    essential: fc.boolean(),
    resourceSet: record({
      id: name,
      cpus: fc.nat(64_000),
      gpus: fc.nat(8000),
      memoryMb: fc.nat(64_000),
      ports: fc.array(port, { maxLength: 3 }),
      volumes,
      limits: some({}, { cpus: limit, memoryMb: limit }),
    }),
    command: fc.string(),
    environment: map,
    configs: fc.array(record({ name, destination: name, template: fc.string() }), { maxLength: 2 }),
    transportEncryption: fc.array(record({ name, type: fc.constantFrom('TLS' as const, 'KEYSTORE' as const) }), {
      maxLength: 2,
    }),
    labels: map,
    killGracePeriodSeconds: count,
  },
  {
    healthCheck: record({ ...check, maxConsecutiveFailures: count, gracePeriodSeconds: count }),
    readinessCheck: record(check),
    discovery: some(
      { visibility: fc.constantFrom('FRAMEWORK' as const, 'CLUSTER' as const, 'EXTERNAL' as const) },
      { prefix: name },
    ),
    ipcMode: fc.constantFrom('PRIVATE' as const, 'SHARE_PARENT' as const),
    shmSizeMb: count,
  },
);

/** In the order of their host ports, which a stored map has by itself. */
const portMappings = fc
  .uniqueArray(record({ hostPort: portNumber, containerPort: portNumber }), {
    selector: ({ hostPort }) => hostPort,
    maxLength: 3,
  })
  .map((pairs) => pairs.sort((a, b) => a.hostPort - b.hostPort));

const pod: fc.Arbitrary<PodSpec> = some(
  {
    type: name,
    user: name,
    count,
    allowDecommission: fc.boolean(),
    networks: fc.array(record({ name, portMappings, labels: map }), { maxLength: 2 }),
    rlimits: fc.array(some({ name: rlimit }, { soft: fc.integer(), hard: fc.integer() }), { maxLength: 2 }),
    secrets: fc.array(some({ path: name }, { envKey: name, file: name }), { maxLength: 2 }),
    uris: fc.array(fc.webUrl(), { maxLength: 2 }),
    volumes,
    hostVolumes: fc.array(record({ hostPath: name, containerPath: name, mode }), { maxLength: 2 }),
    externalVolumes: fc.array(some({ containerPath: name, driver: name, options: map, mode }, { name }), {
      maxLength: 2,
    }),
    sharePidNamespace: fc.boolean(),
    tasks: fc.array(task, { minLength: 1, maxLength: 2 }),
  },
  {
    placement: record({
      kind: fc.constant('max-per' as const),
      field: fc.constant({ kind: 'hostname' as const }),
      max: fc.integer({ min: 1, max: 9 }),
    }),
    image: name,
    preReservedRole: name,
    seccomp: fc.oneof(
      record({ kind: fc.constant('unconfined' as const) }),
      record({ kind: fc.constant('profile' as const), name }),
    ),
    ipcMode: fc.constant('PRIVATE' as const),
    shmSizeMb: count,
  },
);

/** Any service that the language can say, with each field there or not; whether its parts fit together is not asked. */
export const anyService: fc.Arbitrary<ServiceSpec> = some(
  {
    name,
    role: name,
    principal: name,
    user: name,
    zookeeper: name,
    pods: fc.array(pod, { minLength: 1, maxLength: 2 }),
  },
  {
    webUrl: fc.webUrl(),
    region: name,
    replacement: record({ permanentFailureTimeoutSeconds: count, minReplaceDelaySeconds: count }),
  },
);
