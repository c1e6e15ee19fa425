import { describe, expect, test } from 'vitest';
import type { TaskInfo, TaskStatus } from '../../../runtime/kit/mesos.ts';
import type { Call, MesosEvent } from '../../../runtime/kit/mesos-call.ts';
import {
  decodeCall,
  decodeEvent,
  decodeMessage,
  encodeCall,
  encodeEvent,
  encodeMessage,
  type Media,
} from '../../../runtime/mesos/codec.ts';

/** Every resource that a process can be limited in, as Mesos spells them. */
const RLIMITS = ['AS', 'CORE', 'CPU', 'DATA', 'FSIZE', 'LOCKS', 'MEMLOCK', 'MSGQUEUE', 'NICE', 'NOFILE', 'NPROC', 'RSS']
  .concat('RTPRIO', 'RTTIME', 'SIGPENDING', 'STACK')
  .map((name) => `RLMT_${name}`);

const media: Media[] = ['application/json', 'application/x-protobuf'];
const id = (value: string) => ({ value });
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** What the recorded protobuf traces do not happen to use. */
const task: TaskInfo = {
  name: 'data-0-node',
  task_id: id('data-0-node__1'),
  agent_id: id('S0'),
  resources: [
    {
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 0.001 },
      provider_id: id('provider'),
      role: 'role',
      reservation: {
        principal: 'me',
        labels: { labels: [{ key: 'without-value' }, { key: 'Infinity', value: 'Infinity' }] },
      },
      shared: {},
      revocable: {},
      disk: {
        persistence: { id: 'volume-1' },
        volume: { container_path: 'data', mode: 'RO' },
        source: { type: 'PATH', path: { root: '/mnt' }, vendor: 'v', id: 'i', profile: 'p', metadata: {} },
      },
    },
    { name: 'disks', type: 'SET', set: { item: ['sda', 'sdb'] } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 0, end: Number.MAX_SAFE_INTEGER }] } },
  ],
  executor: { type: 'DEFAULT', executor_id: id('data__1'), framework_id: id('F'), name: 'data' },
  command: {
    value: './run',
    user: 'nobody',
    shell: false,
    arguments: ['run', ''],
    uris: [{ value: 'http://host/a.tgz', extract: false, executable: true, cache: true, output_file: 'a' }],
    environment: {
      variables: [
        { name: 'EMPTY', value: '' },
        { name: '__proto__', type: 'SECRET', secret: { type: 'REFERENCE', reference: { name: 's', key: 'k' } } },
        { name: 'KIND', type: 'VALUE', value: 'named' },
      ],
    },
  },
  container: {
    type: 'MESOS',
    hostname: 'data-0',
    volumes: [
      {
        container_path: 'a',
        mode: 'RW',
        source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'a' } },
      },
      {
        container_path: 'b',
        mode: 'RO',
        source: { type: 'SECRET', secret: { type: 'VALUE', value: { data: 'AP8=' } } },
      },
      { container_path: '/c', mode: 'RW', source: { type: 'HOST_PATH', host_path: { path: '/c' } } },
      { container_path: '/tmp', host_path: 'tmp', mode: 'RW' },
      {
        container_path: 'd',
        mode: 'RO',
        source: { type: 'SECRET', secret: { type: 'REFERENCE', reference: { name: 's' } } },
      },
      {
        container_path: 'e',
        mode: 'RW',
        source: {
          type: 'DOCKER_VOLUME',
          docker_volume: {
            driver: 'pxd',
            name: 'shop-data-0',
            driver_options: { parameter: [{ key: 'size', value: '10' }] },
          },
        },
      },
      { container_path: 'f', mode: 'RO', image: { type: 'DOCKER', docker: { name: 'tools' } } },
    ],
    mesos: {
      image: {
        type: 'DOCKER',
        docker: { name: 'ubuntu', config: { type: 'REFERENCE', reference: { name: 'registry' } } },
        cached: true,
      },
    },
    network_infos: [
      {
        name: 'dcos',
        groups: ['g'],
        labels: { labels: [{ key: 'k', value: 'v' }] },
        ip_addresses: [{ protocol: 'IPv6', ip_address: 'fd00::1' }],
        port_mappings: [{ host_port: 1, container_port: 2, protocol: 'tcp' }],
      },
    ],
    linux_info: {
      share_pid_namespace: true,
      share_cgroups: false,
      ipc_mode: 'PRIVATE',
      shm_size: 64,
      seccomp: { unconfined: true },
    },
    rlimit_info: { rlimits: [{ type: 'RLMT_NOFILE', soft: 512, hard: 1024 }, { type: 'RLMT_CORE' }] },
    tty_info: { window_size: { rows: 24, columns: 80 } },
  },
  health_check: {
    type: 'HTTP',
    http: { port: 80, path: '/', scheme: 'https', statuses: [200, 204], protocol: 'IPv6' },
    delay_seconds: 0,
  },
  check: { type: 'TCP', tcp: { port: 80 } },
  kill_policy: { grace_period: { nanoseconds: 5e9 } },
  data: 'AAEC/w==',
  labels: { labels: [{ key: 'ключ', value: '✓' }] },
  discovery: {
    visibility: 'CLUSTER',
    environment: 'e',
    location: 'l',
    version: '1',
    labels: {},
    ports: {
      ports: [
        { number: 0, visibility: 'FRAMEWORK' },
        {
          number: 8080,
          name: 'web',
          protocol: 'tcp',
          visibility: 'EXTERNAL',
          labels: {
            labels: [
              { key: 'VIP_1', value: 'web:80' },
              { key: 'network-scope', value: 'container' },
            ],
          },
        },
      ],
    },
  },
  max_completion_time: { nanoseconds: 1 },
  limits: { cpus: { value: Number.POSITIVE_INFINITY }, mem: { value: 64 } },
};

const status: TaskStatus = {
  task_id: id('data-0-node__1'),
  state: 'TASK_STARTING',
  source: 'SOURCE_MASTER',
  reason: 'REASON_COMMAND_EXECUTOR_FAILED',
  healthy: false,
  timestamp: 0,
  unreachable_time: { nanoseconds: 1795256558521016800 },
  check_status: { type: 'HTTP', http: { status_code: 0 } },
  container_status: {
    network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '10.0.0.1' }] }],
    executor_pid: 0,
  },
  limitation: { resources: [{ name: 'mem', type: 'SCALAR', scalar: { value: 1 } }] },
  data: 'eA==',
  labels: {},
};

const launch: Call = {
  framework_id: id('F'),
  type: 'ACCEPT',
  accept: {
    offer_ids: [id('O')],
    operations: [
      {
        type: 'LAUNCH_GROUP',
        launch_group: { executor: { executor_id: id('e'), type: 'CUSTOM' }, task_group: { tasks: [task] } },
      },
      { type: 'LAUNCH', launch: { task_infos: [task] } },
    ],
    filters: { refuse_seconds: -1 },
  },
};

describe.each(media)('over %s', (over) => {
  test('a launch keeps every field, also infinite limits and fields set to their zero value', () => {
    expect(decodeCall(encodeCall(launch, over), over)).toStrictEqual(launch);
  });

  test('a status keeps every field, and times as exact as a double can be', () => {
    const event: MesosEvent = { type: 'UPDATE', update: { status } };
    expect(decodeEvent(encodeEvent(event, over), over)).toStrictEqual(event);
  });

  test.each([
    ['SUBSCRIBE', 'subscribe'],
    ['ACCEPT', 'accept'],
    ['ACKNOWLEDGE', 'acknowledge'],
  ])('%s without its body is refused', (type, field) => {
    expect(() => decodeCall(encodeCall({ type } as Call, over), over)).toThrow(`Expecting '${field}' to be present`);
  });

  test('REVIVE, SUPPRESS and TEARDOWN need no body', () => {
    for (const type of ['REVIVE', 'SUPPRESS', 'TEARDOWN'] as const) {
      expect(decodeCall(encodeCall({ type }, over), over)).toStrictEqual({ type });
    }
  });

  test('an event without the body of its type is refused', () => {
    expect(() => decodeEvent(encodeEvent({ type: 'OFFERS' } as MesosEvent, over), over)).toThrow(
      "Expecting 'offers' to be present",
    );
  });

  test('bytes that are no event are refused with their size and media type', () => {
    expect(() => decodeEvent(Buffer.from('\x0agarbage'), over)).toThrow(`Failed to parse 8 bytes of ${over} as Event`);
  });
});

test.each(['profile_name', 'unconfined'] as const)('seccomp by %s reaches the agent', (field) => {
  const seccomp = field === 'unconfined' ? { unconfined: true } : { profile_name: 'default.json' };
  const confined: TaskInfo = {
    ...task,
    container: { type: 'MESOS', linux_info: { seccomp, ipc_mode: 'SHARE_PARENT' } },
  };
  expect(decodeMessage('TaskInfo', encodeMessage('TaskInfo', confined))).toStrictEqual(confined);
});

test.each(RLIMITS)('the limit %s has a name on the wire', (type) => {
  const limited: TaskInfo = { ...task, container: { rlimit_info: { rlimits: [{ type, soft: 1, hard: 2 ** 40 }] } } };
  expect(decodeMessage('TaskInfo', encodeMessage('TaskInfo', limited))).toStrictEqual(limited);
});

describe('a message of a newer Mesos', () => {
  test.each([
    ['JSON', Buffer.from('{"type":"FROBNICATED","frobnicated":{}}'), 'application/json'],
    ['JSON named like a method of objects', Buffer.from('{"type":"constructor"}'), 'application/json'],
    ['protobuf', hex('08 63 9a 06 00'), 'application/x-protobuf'],
    ['no type at all', hex(''), 'application/x-protobuf'],
  ] as const)('an event of unknown type is UNKNOWN: %s', (_, bytes, over) => {
    expect(decodeEvent(bytes, over)).toStrictEqual({ type: 'UNKNOWN' });
  });

  test('an unknown enum value leaves its field unset, and unknown fields are skipped', () => {
    // task_id "t", state 1, reason 99, field 99 = "x"
    const bytes = hex('0a 03 0a 01 74  10 01  50 63  9a 06 01 78');
    expect(decodeMessage('TaskStatus', bytes)).toStrictEqual({ task_id: { value: 't' }, state: 'TASK_RUNNING' });
  });
});

describe('a call that is none', () => {
  test.each([
    ['a type that no scheduler sends', Buffer.from('{"type":"FOO"}'), 'Calls of type FOO are not supported'],
    ['no type', Buffer.from('{}'), "Expecting 'type' to be present"],
    ['a list', Buffer.from('[]'), 'Expecting a JSON object'],
    ['null', Buffer.from('null'), 'Expecting a JSON object'],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeCall(bytes, 'application/json')).toThrow(message);
  });
});

test('stored messages come back as they were', () => {
  expect(decodeMessage('TaskInfo', encodeMessage('TaskInfo', task))).toStrictEqual(task);
  expect(decodeMessage('TaskStatus', encodeMessage('TaskStatus', status))).toStrictEqual(status);
  expect(decodeMessage('FrameworkID', encodeMessage('FrameworkID', id('F')))).toStrictEqual(id('F'));
});

test('a stored message that was cut is an error, never half a task', () => {
  const bytes = encodeMessage('TaskInfo', task);
  expect(() => decodeMessage('TaskInfo', bytes.subarray(0, bytes.length - 3))).toThrow('as TaskInfo');
  expect(() => decodeMessage('TaskInfo', new Uint8Array())).toThrow("missing required 'name'");
});
