/** One pod that asks for everything, as the whole of what Mesos is told; and a plain one, which must ask for nothing more than it needs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultSettings, type Settings } from '../../../runtime/core/state.ts';
import { previewTask } from '../../../runtime/core/tasks/launch/preview.ts';
import { executorInfo, taskInfo } from '../../../runtime/core/tasks/launch.ts';
import type { ExecutorInfo, Offer, Resource, TaskInfo } from '../../../runtime/kit/mesos.ts';
import type { Call } from '../../../runtime/kit/mesos-call.ts';
import { decodeCall, encodeCall } from '../../../runtime/mesos/codec.ts';
import type { PodSpec, ServiceSpec } from '../../../runtime/spec/service.ts';
import { anyService } from '../../support/any-service.ts';
import { assigned, contextOf, launched } from './launching.ts';
import { pod, service, task } from './service.ts';

const server = task('server', {
  command: './bootstrap && ./server',
  environment: { HEAP: '512', TASK_NAME: 'of no use' },
  resourceSet: {
    id: 'server-resource-set',
    cpus: 1500,
    gpus: 1000,
    memoryMb: 1024,
    ports: [
      {
        name: 'client',
        port: 9042,
        envKey: 'PORT_CLIENT',
        advertise: true,
        vip: { name: 'client', port: 9000 },
        ranges: [],
      },
      { name: 'gossip', port: 0, envKey: 'PORT_GOSSIP', advertise: false, ranges: [{ begin: 30_000, end: 32_000 }] },
    ],
    volumes: [{ type: 'ROOT', containerPath: 'data', sizeMb: 2000 }],
    limits: { cpus: 'unlimited', memoryMb: 2048 },
  },
  configs: [
    { name: 'server-conf', destination: 'conf/server.conf', template: 'heap={{HEAP}}' },
    { name: 'log', destination: 'conf/log.xml', template: '<log/>' },
  ],
  healthCheck: {
    command: './healthy',
    maxConsecutiveFailures: 3,
    delaySeconds: 1,
    intervalSeconds: 30,
    timeoutSeconds: 10,
    gracePeriodSeconds: 120,
  },
  readinessCheck: { command: './ready', delaySeconds: 0, intervalSeconds: 5, timeoutSeconds: 10 },
  discovery: { prefix: 'store', visibility: 'EXTERNAL' },
  transportEncryption: [
    { name: 'node', type: 'TLS' },
    { name: 'java', type: 'KEYSTORE' },
  ],
  labels: { team: 'storage', index: 'never mine' },
  killGracePeriodSeconds: 30,
  ipcMode: 'SHARE_PARENT',
});

const data: PodSpec = pod('data', {
  user: 'nobody',
  count: 3,
  placement: {
    kind: 'all',
    rules: [
      { kind: 'local-region' },
      { kind: 'not', rule: { kind: 'value', field: { kind: 'zone' }, match: 'exact', text: 'z9' } },
    ],
  },
  image: 'registry/data:1.2',
  networks: [{ name: 'dcos', portMappings: [], labels: { tier: 'back' } }],
  rlimits: [{ name: 'RLIMIT_NOFILE', soft: 10_000, hard: 20_000 }, { name: 'RLIMIT_CORE' }],
  secrets: [
    { path: 'shop/password', envKey: 'PASSWORD' },
    { path: 'shop/keytab', file: 'etc/server.keytab' },
  ],
  uris: ['https://downloads.example/server.tgz'],
  volumes: [{ type: 'MOUNT', containerPath: 'journal', sizeMb: 500, profiles: ['fast'] }],
  hostVolumes: [{ hostPath: '/var/log', containerPath: 'host-log', mode: 'RO' }],
  externalVolumes: [{ containerPath: 'px', driver: 'pxd', options: { size: '10' }, mode: 'RW' }],
  preReservedRole: 'storage',
  sharePidNamespace: true,
  seccomp: { kind: 'profile', name: 'default.json' },
  ipcMode: 'PRIVATE',
  shmSizeMb: 128,
  tasks: [server],
});

const spec: ServiceSpec = { ...service(data), name: '/team/shop', role: 'team__shop-role' };

const settings: Settings = {
  ...defaultSettings,
  artifactsUrl: 'http://10.0.0.9:8080',
  space: '/team',
  taskTmpVolume: true,
};

const agent: Offer = {
  id: { value: 'offer' },
  framework_id: { value: 'framework' },
  agent_id: { value: 'agent' },
  hostname: 'host-1',
  attributes: [
    { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
    { name: 'load', type: 'SCALAR', scalar: { value: 0.5 } },
  ],
  domain: { fault_domain: { region: { name: 'europe' }, zone: { name: 'z1' } } },
};

/** Launched by a plan that was started with a parameter. */
function rich(): Call {
  const context = {
    settings,
    frameworkId: 'framework',
    spec,
    configId: '954f9a9b-e42b-47ab-86b0-9e8b995f5553',
    pod: data,
    index: 2,
    offer: agent,
    parameters: { SNAPSHOT: 'monday' },
  };
  const ports = assigned(server);
  const executor = executorInfo(context, 'team.shop__data__1', [cpus], ports);
  return launchOf(executor, taskInfo(context, server, 'team.shop__data-2-server__2', [cpus], ports, false));
}

function launchOf(executor: ExecutorInfo, info: TaskInfo): Call {
  return {
    type: 'ACCEPT',
    accept: {
      offer_ids: [agent.id],
      operations: [{ type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks: [info] } } }],
    },
  };
}

const cpus: Resource = { name: 'cpus', type: 'SCALAR', scalar: { value: 1.5 } };
const wires = ['application/json', 'application/x-protobuf'] as const;

/** What a master that speaks JSON reads. */
function json(call: Call): string {
  return `${JSON.stringify(JSON.parse(Buffer.from(encodeCall(call, 'application/json')).toString()), null, 2)}\n`;
}

test('a pod that asks for everything', async () => {
  await expect(json(rich())).toMatchFileSnapshot('launch.golden.json');
});

test.each(wires)('nothing of it is lost over %s', (media) => {
  expect(decodeCall(encodeCall(rich(), media), media)).toStrictEqual(rich());
});

test('whatever a definition says is told as it is on each wire, each variable and label once', () => {
  fc.assert(
    fc.property(anyService, fc.nat(9), (any, index) => {
      for (const type of any.pods) {
        for (const { executor, ...info } of type.tasks.map((one) => previewTask(settings, any, type, index, one))) {
          const call = launchOf(executor as ExecutorInfo, { ...info, resources: [cpus] });
          for (const media of wires) expect(decodeCall(encodeCall(call, media), media)).toStrictEqual(call);
          const variables = info.command?.environment?.variables?.map(({ name }) => name) ?? [];
          const labels = info.labels?.labels?.map(({ key }) => key) ?? [];
          for (const names of [variables, labels]) expect(new Set(names).size).toBe(names.length);
        }
      }
    }),
  );
});

test('a plain pod asks an agent for nothing but to run its command', () => {
  const plain = launched(contextOf(pod('web')));
  expect(Object.keys(plain).sort()).toEqual(
    ['agent_id', 'command', 'container', 'kill_policy', 'labels', 'name', 'resources', 'task_id'].sort(),
  );
  expect(plain.container).toEqual({ type: 'MESOS', linux_info: { share_cgroups: false } });
  expect(Object.keys(plain.command ?? {}).sort()).toEqual(['environment', 'user', 'value']);
  expect(executorInfo(contextOf(pod('web')), 'executor', []).container).toEqual(plain.container);
});
