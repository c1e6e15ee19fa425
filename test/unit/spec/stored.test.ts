import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlanSpecs, ServiceSpec } from '../../../runtime/spec/service.ts';
import { fromStored, plansFromJson, plansToJson, toStored } from '../../../runtime/spec/stored.ts';
import { plainPod, plainTask } from '../../support/plain.ts';
import { parsed } from './definitions.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const seconds = fc.nat(100);
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { noNullPrototype: true });
const optional = <K extends string, T>(key: K, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((some) => (some === undefined ? {} : ({ [key]: some } as Record<K, T>)));

const port = fc
  .tuple(
    record({ name, port: fc.nat(65535), advertise: fc.boolean(), ranges: fc.constant([]) }),
    optional('envKey', name),
  )
  .map(([port, envKey]) => ({ ...port, ...envKey }));

const readiness = { command: fc.string(), delaySeconds: seconds, intervalSeconds: seconds, timeoutSeconds: seconds };

const task = fc
  .tuple(
    record({
      name,
      goal: fc.constantFrom('RUNNING' as const, 'FINISH' as const, 'ONCE' as const),
      essential: fc.boolean(),
      resourceSet: record({
        id: name,
        cpus: fc.nat(64_000),
        gpus: fc.constant(0),
        limits: fc.constant({}),
        memoryMb: fc.nat(64_000),
        ports: fc.array(port, { maxLength: 3 }),
        volumes: fc.array(record({ type: fc.constant('ROOT' as const), containerPath: name, sizeMb: fc.nat(9999) }), {
          maxLength: 2,
        }),
      }),
      command: fc.string(),
      environment: fc.dictionary(name, fc.string(), { maxKeys: 3, noNullPrototype: true }),
      killGracePeriodSeconds: seconds,
    }),
    optional('healthCheck', record({ ...readiness, maxConsecutiveFailures: seconds, gracePeriodSeconds: seconds })),
    optional('readinessCheck', record(readiness)),
  )
  .map((parts) => Object.assign({}, plainTask, ...parts));

const pod = fc
  .tuple(
    record({
      type: name,
      user: name,
      count: fc.nat(9),
      allowDecommission: fc.boolean(),
      tasks: fc.array(task, { minLength: 1, maxLength: 2 }),
    }),
    optional(
      'placement',
      record({
        kind: fc.constant('max-per'),
        field: fc.constant({ kind: 'hostname' }),
        max: fc.integer({ min: 1, max: 9 }),
      }),
    ),
  )
  .map((parts) => Object.assign({}, plainPod, ...parts));

const spec: fc.Arbitrary<ServiceSpec> = fc
  .tuple(
    record({
      name,
      role: name,
      principal: name,
      user: name,
      zookeeper: name,
      pods: fc.array(pod, { minLength: 1, maxLength: 2 }),
    }),
    optional('webUrl', fc.webUrl()),
    optional('replacement', record({ permanentFailureTimeoutSeconds: seconds, minReplaceDelaySeconds: seconds })),
  )
  .map((parts) => Object.assign({}, ...parts));

test('what is stored reads back as it was', () => {
  fc.assert(
    fc.property(spec, (service) => {
      expect(fromStored(JSON.parse(JSON.stringify(toStored(service))))).toStrictEqual(service);
    }),
  );
});

const lists = fc.array(fc.array(name, { maxLength: 3 }), { maxLength: 3 });

const phase = fc
  .tuple(
    record({ name, pod: name, strategy: fc.constantFrom('serial', 'parallel', 'serial-canary', 'parallel-canary') }),
    optional(
      'steps',
      fc
        .tuple(
          record({ byIndex: fc.dictionary(fc.nat(12).map(String), lists, { maxKeys: 3, noNullPrototype: true }) }),
          optional('otherwise', lists),
        )
        .map((parts) => Object.assign({}, ...parts)),
    ),
  )
  .map((parts) => Object.assign({}, ...parts));

const plans: fc.Arbitrary<PlanSpecs> = fc.array(
  record({ name, strategy: fc.constantFrom('serial', 'parallel'), phases: fc.array(phase, { maxLength: 3 }) }),
  { maxLength: 3 },
);

test('stored plans read back as they were', () => {
  fc.assert(
    fc.property(plans, (plans) => {
      expect(plansFromJson(JSON.parse(JSON.stringify(plansToJson(plans))))).toStrictEqual(plans);
    }),
  );
});

test('what is no list of plans is refused', () => {
  expect(() => plansFromJson({})).toThrow('these are not stored plans');
});

const SERVICE = `
name: hello-world
scheduler: {user: nobody}
pods:
  hello:
    count: 1
    placement: hostname:UNIQUE
    tasks:
      server:
        goal: RUNNING
        cmd: sleep $SLEEP
        env: {SLEEP: 1000}
        cpus: 0.1
        memory: 252
        ports: {http: {port: 0, env-key: PORT_HTTP, advertise: true}, debug: {port: 5005}}
        volume: {path: hello-data, type: ROOT, size: 25}
        health-check: {cmd: stat output, interval: 5, grace-period: 30, max-consecutive-failures: 3, delay: 0, timeout: 10}
`;
const owner = { role: 'hello-world-role', 'pre-reserved-role': '*', principal: 'hello-world-principal' };

test('the stored form is the one that operators know', () => {
  expect(toStored(parsed(SERVICE))).toEqual({
    name: 'hello-world',
    role: 'hello-world-role',
    principal: 'hello-world-principal',
    user: 'nobody',
    goal: 'RUNNING',
    region: null,
    'web-url': null,
    zookeeper: 'master.mesos:2181',
    'replacement-failure-policy': null,
    'pod-specs': [
      {
        type: 'hello',
        user: 'nobody',
        count: 1,
        'allow-decommission': false,
        image: null,
        networks: [],
        rlimits: [],
        uris: [],
        'task-specs': [
          {
            name: 'server',
            goal: 'RUNNING',
            essential: true,
            'resource-set': {
              id: 'server-resource-set',
              'resource-specifications': [
                {
                  '@type': 'DefaultResourceSpec',
                  name: 'cpus',
                  value: { type: 'SCALAR', scalar: { value: 0.1 } },
                  ...owner,
                },
                {
                  '@type': 'DefaultResourceSpec',
                  name: 'mem',
                  value: { type: 'SCALAR', scalar: { value: 252 } },
                  ...owner,
                },
                {
                  '@type': 'PortSpec',
                  name: 'ports',
                  value: { type: 'RANGES', ranges: { range: [{ begin: 0, end: 0 }] } },
                  ...owner,
                  'port-name': 'http',
                  'env-key': 'PORT_HTTP',
                  visibility: 'EXTERNAL',
                  'network-names': [],
                  ranges: [],
                },
                {
                  '@type': 'PortSpec',
                  name: 'ports',
                  value: { type: 'RANGES', ranges: { range: [{ begin: 5005, end: 5005 }] } },
                  ...owner,
                  'port-name': 'debug',
                  'env-key': null,
                  visibility: 'CLUSTER',
                  'network-names': [],
                  ranges: [],
                },
              ],
              'volume-specifications': [
                {
                  '@type': 'DefaultVolumeSpec',
                  type: 'ROOT',
                  'container-path': 'hello-data',
                  profiles: [],
                  name: 'disk',
                  value: { type: 'SCALAR', scalar: { value: 25 } },
                  ...owner,
                },
              ],
              ...owner,
              'resource-limits': {},
            },
            'command-spec': { value: 'sleep $SLEEP', environment: { SLEEP: '1000' } },
            'task-labels': {},
            'health-check-spec': {
              command: 'stat output',
              'max-consecutive-failures': 3,
              delay: 0,
              interval: 5,
              timeout: 10,
              'grace-period': 30,
            },
            'readiness-check-spec': null,
            'config-files': [],
            'discovery-spec': null,
            'kill-grace-period': 0,
            'transport-encryption': [],
            'ipc-mode': null,
            'shm-size': null,
          },
        ],
        'placement-rule': {
          '@type': 'MaxPerHostnameRule',
          max: 1,
          'task-filter': { '@type': 'RegexMatcher', pattern: 'hello-.*' },
        },
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
      },
    ],
  });
});

/** Stored text with one thing changed, as another version may have written it. */
const rewritten = (before: string, after: string) =>
  JSON.parse(JSON.stringify(toStored(parsed(SERVICE))).replace(before, after));

test('properties of other versions are read past', () => {
  expect(fromStored(rewritten('"region":null', '"region":null,"colour":"blue"'))).toEqual(parsed(SERVICE));
});

describe('a stored replacement policy', () => {
  const kept = { permanentFailureTimeoutSeconds: 60, minReplaceDelaySeconds: 5 };

  test('has the keys that operators know', () => {
    expect(toStored({ ...parsed(SERVICE), replacement: kept })).toMatchObject({
      'replacement-failure-policy': { 'permanent-failure-timeout-secs': 60, 'min-replace-delay-Secs': 5 },
    });
  });

  test.each([
    ['in either spelling', { 'permanent-failure-timeout-secs': 60, 'min-replace-delay-secs': 5 }, kept],
    ['with its defaults', {}, { permanentFailureTimeoutSeconds: 1200, minReplaceDelaySeconds: 10 }],
  ])('is read %s', (_, policy, replacement) => {
    const json = rewritten(
      '"replacement-failure-policy":null',
      `"replacement-failure-policy":${JSON.stringify(policy)}`,
    );
    expect(fromStored(json).replacement).toEqual(replacement);
  });
});

test('an old goal FINISHED is ONCE', () => {
  const [pod] = fromStored(rewritten('"name":"server","goal":"RUNNING"', '"name":"server","goal":"FINISHED"')).pods;
  expect(pod?.tasks[0]?.goal).toBe('ONCE');
});

test('the other spelling of the grace period is read', () => {
  expect(fromStored(rewritten('"grace-period":30', '"gracePeriod":30'))).toEqual(parsed(SERVICE));
});

test.each([
  ['nothing', 'null', 'this is not a stored service specification'],
  ['another rule', rewritten('MaxPerHostnameRule', 'ZoneRule'), 'this version cannot read the placement rule ZoneRule'],
  ['a MOUNT volume', rewritten('"ROOT"', '"MOUNT"'), 'this version cannot read the volume type MOUNT'],
  [
    'another goal',
    rewritten('"name":"server","goal":"RUNNING"', '"name":"server","goal":"DANCE"'),
    'this version cannot read the goal DANCE',
  ],
])('%s is refused', (_, json, message) => {
  expect(() => fromStored(json)).toThrow(message);
});
