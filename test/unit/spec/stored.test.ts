import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../../runtime/spec/service.ts';
import { fromStored, toStored } from '../../../runtime/spec/stored/service.ts';
import { anyService } from '../../support/any-service.ts';
import { BEFORE } from './stored-before.ts';

test('what is stored reads back as it was', () => {
  fc.assert(
    fc.property(anyService, (service) => {
      expect(fromStored(JSON.parse(JSON.stringify(toStored(service))))).toStrictEqual(service);
    }),
  );
});

/** Every field of the language, none of them at its default. */
const FULL: ServiceSpec = {
  name: '/data/store',
  role: 'data__store-role',
  principal: 'data-principal',
  user: 'nobody',
  zookeeper: 'zk.example:2181',
  webUrl: 'http://store.example',
  region: 'east',
  maskedEnv: ['ADMIN_PIN'],
  replacement: { permanentFailureTimeoutSeconds: 60, minReplaceDelaySeconds: 5 },
  pods: [
    {
      type: 'data',
      user: 'store',
      count: 3,
      allowDecommission: true,
      placement: {
        kind: 'all',
        rules: [
          { kind: 'value', field: { kind: 'region' }, match: 'exact', text: 'east' },
          { kind: 'max-per', field: { kind: 'attribute', name: 'rack' }, max: 1 },
        ],
      },
      image: 'example/store:1.10',
      networks: [
        { name: 'mesos-bridge', portMappings: [{ hostPort: 9042, containerPort: 42 }], labels: { tier: 'data' } },
      ],
      rlimits: [{ name: 'RLIMIT_NOFILE', soft: 1024, hard: 4096 }, { name: 'RLIMIT_CORE' }],
      secrets: [{ path: 'store/key', envKey: 'KEY', file: 'keys/key' }],
      uris: ['https://example.com/store.tgz'],
      volumes: [{ type: 'ROOT', containerPath: 'shared', sizeMb: 100 }],
      hostVolumes: [{ hostPath: '/etc/ssl', containerPath: 'ssl', mode: 'RO' }],
      externalVolumes: [{ containerPath: 'ext', driver: 'pxd', options: { size: '5' }, name: 'ext', mode: 'RW' }],
      preReservedRole: 'storage',
      sharePidNamespace: true,
      seccomp: { kind: 'profile', name: 'strict.json' },
      ipcMode: 'PRIVATE',
      shmSizeMb: 64,
      tasks: [
        {
          name: 'node',
          goal: 'RUNNING',
          essential: false,
          resourceSet: {
            id: 'node-resource-set',
            cpus: 500,
            gpus: 1000,
            memoryMb: 1024,
            ports: [
              {
                name: 'query',
                port: 0,
                envKey: 'PORT_QUERY',
                advertise: true,
                vip: { name: 'query', port: 9000 },
                ranges: [],
              },
              { name: 'gossip', port: 0, advertise: false, ranges: [{ begin: 7000, end: 7099 }] },
            ],
            volumes: [{ type: 'MOUNT', containerPath: 'data', sizeMb: 5000, profiles: ['fast'] }],
            limits: { cpus: 2000, memoryMb: 'unlimited' },
          },
          command: './node',
          environment: { LEVEL: 'info' },
          configs: [{ name: 'main', destination: 'etc/store.yml', template: 'level: {{LEVEL}}' }],
          healthCheck: {
            command: './healthy',
            maxConsecutiveFailures: 3,
            delaySeconds: 1,
            intervalSeconds: 5,
            timeoutSeconds: 10,
            gracePeriodSeconds: 30,
          },
          readinessCheck: { command: './ready', delaySeconds: 2, intervalSeconds: 6, timeoutSeconds: 11 },
          discovery: { prefix: 'node', visibility: 'EXTERNAL' },
          transportEncryption: [{ name: 'node', type: 'TLS' }],
          labels: { team: 'storage' },
          killGracePeriodSeconds: 15,
          ipcMode: 'SHARE_PARENT',
          shmSizeMb: 32,
        },
      ],
    },
  ],
};

test('the stored form is the one that operators know', async () => {
  await expect(`${JSON.stringify(toStored(FULL), null, 2)}\n`).toMatchFileSnapshot('./stored.golden.txt');
  expect(fromStored(toStored(FULL))).toStrictEqual(FULL);
});

test('a configuration from before most fields reads as it did, and is not changed by being stored again', () => {
  const read = fromStored(BEFORE);
  expect(toStored(read)).toEqual(BEFORE);
  expect(read).toStrictEqual({
    name: 'hello-world',
    role: 'hello-world-role',
    principal: 'hello-world-principal',
    user: 'nobody',
    zookeeper: 'master.mesos:2181',
    pods: [
      {
        type: 'hello',
        user: 'nobody',
        count: 1,
        allowDecommission: false,
        placement: { kind: 'max-per', field: { kind: 'hostname' }, max: 1 },
        networks: [],
        rlimits: [],
        secrets: [],
        uris: [],
        volumes: [],
        hostVolumes: [],
        externalVolumes: [],
        sharePidNamespace: false,
        tasks: [
          {
            name: 'server',
            goal: 'RUNNING',
            essential: true,
            resourceSet: {
              id: 'server-resource-set',
              cpus: 100,
              gpus: 0,
              memoryMb: 252,
              ports: [
                { name: 'http', port: 0, envKey: 'PORT_HTTP', advertise: true, ranges: [] },
                { name: 'debug', port: 5005, advertise: false, ranges: [] },
              ],
              volumes: [{ type: 'ROOT', containerPath: 'hello-data', sizeMb: 25 }],
              limits: {},
            },
            command: 'sleep $SLEEP',
            environment: { SLEEP: '1000' },
            configs: [],
            healthCheck: {
              command: 'stat output',
              maxConsecutiveFailures: 3,
              delaySeconds: 0,
              intervalSeconds: 5,
              timeoutSeconds: 10,
              gracePeriodSeconds: 30,
            },
            transportEncryption: [],
            labels: {},
            killGracePeriodSeconds: 0,
          },
        ],
      },
    ],
  });
});

/** Stored text with one thing changed, as another version may have written it. */
function rewritten(before: string, after: string): unknown {
  const text = JSON.stringify(BEFORE);
  expect(text).toContain(before);
  return JSON.parse(text.replace(before, after));
}

test('properties of other versions are read past', () => {
  expect(fromStored(rewritten('"region":null', '"region":null,"colour":"blue"'))).toEqual(fromStored(BEFORE));
});

test('properties that an older version did not write have their defaults', () => {
  const [pod] = BEFORE['pod-specs'];
  const { networks: _n, rlimits: _r, uris: _u, volumes: _v, secrets: _s, 'external-volumes': _e, ...older } = pod;
  expect(fromStored({ ...BEFORE, 'pod-specs': [older] })).toEqual(fromStored(BEFORE));
});

describe('a stored replacement policy', () => {
  test.each([
    ['in either spelling', { 'permanent-failure-timeout-secs': 60, 'min-replace-delay-secs': 5 }, [60, 5]],
    ['with its defaults', {}, [1200, 10]],
  ])('is read %s', (_, policy, [permanentFailureTimeoutSeconds, minReplaceDelaySeconds]) => {
    const json = rewritten(
      '"replacement-failure-policy":null',
      `"replacement-failure-policy":${JSON.stringify(policy)}`,
    );
    expect(fromStored(json).replacement).toEqual({ permanentFailureTimeoutSeconds, minReplaceDelaySeconds });
  });
});

describe('what upstream has written is read:', () => {
  test.each([
    [
      'an old goal FINISHED is ONCE',
      '"name":"server","goal":"RUNNING"',
      '"name":"server","goal":"FINISHED"',
      { goal: 'ONCE' },
    ],
    ['the other spelling of the grace period', '"grace-period":30', '"gracePeriod":30', {}],
    [
      'an endless limit',
      '"resource-limits":{}',
      '"resource-limits":{"cpus":"Infinity"}',
      { resourceSet: { limits: { cpus: 'unlimited' } } },
    ],
  ])('%s', (_, before, after, expected) => {
    const [task] = fromStored(BEFORE).pods[0]?.tasks ?? [];
    expect(fromStored(rewritten(before, after)).pods[0]?.tasks[0]).toMatchObject({ ...task, ...expected });
  });
});

test('what names no user runs as root', () => {
  const read = fromStored(JSON.parse(JSON.stringify(BEFORE).replaceAll('"user":"nobody"', '"user":null')));
  expect([read.user, read.pods[0]?.user]).toEqual(['root', 'root']);
});

test.each([
  ['nothing', null, 'this is not a stored service specification'],
  [
    'another rule',
    rewritten('MaxPerHostnameRule', 'AgentRule'),
    'this version cannot read the placement rule AgentRule',
  ],
  ['another volume', rewritten('"ROOT"', '"RAW"'), 'this version cannot read the volume type RAW'],
  [
    'another external volume',
    rewritten('"external-volumes":[]', '"external-volumes":[{"type":"CSI"}]'),
    'this version cannot read the external volume type CSI',
  ],
  [
    'another goal',
    rewritten('"name":"server","goal":"RUNNING"', '"name":"server","goal":"DANCE"'),
    'this version cannot read the goal DANCE',
  ],
])('%s is refused', (_, json, message) => {
  expect(() => fromStored(json)).toThrow(message);
});
