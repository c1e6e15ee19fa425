/** What the containers of a pod are given: networks, volumes, limits of the kernel, certificates. */
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../runtime/core/state.ts';
import { usesHostPorts } from '../../../runtime/core/tasks/launch/network.ts';
import { type AssignedPort, executorInfo, type LaunchContext } from '../../../runtime/core/tasks/launch.ts';
import type { ContainerInfo } from '../../../runtime/kit/mesos.ts';
import type { ExternalVolumeSpec, NetworkSpec, PodSpec, RlimitSpec, TaskSpec } from '../../../runtime/spec/service.ts';
import { plainSet } from '../../support/plain.ts';
import { contextOf, launched } from './launching.ts';
import { pod, service, task } from './service.ts';

function ofTask(change: Partial<PodSpec>, context: Partial<LaunchContext> = {}): ContainerInfo {
  return launched(contextOf(pod('web', change), context)).container ?? {};
}

function ofExecutor(change: Partial<PodSpec>, ports: AssignedPort[] = [], context: Partial<LaunchContext> = {}) {
  return executorInfo(contextOf(pod('web', change), context), 'executor', [], ports).container ?? {};
}

const network = (name: string, change: Partial<NetworkSpec> = {}) => ({
  name,
  portMappings: [],
  labels: {},
  ...change,
});

describe('networks are joined by the executor alone', () => {
  const mapped = network('mesos-bridge', { portMappings: [{ hostPort: 8080, containerPort: 80 }] });
  const ports = [
    { name: 'web', port: 8080, advertise: false, ranges: [] },
    { name: 'admin', port: 8081, advertise: false, ranges: [] },
    { name: 'any', port: 0, advertise: false, ranges: [] },
  ];
  const tasks = [task('server', { resourceSet: { id: 'set', cpus: 1, memoryMb: 1, ...plainSet, ports } })];
  const dynamic = [{ name: 'any', number: 31_000, advertise: false }];

  test('none: that of the host', () => {
    expect(ofExecutor({ tasks })).not.toHaveProperty('network_infos');
  });

  test.each<[string, NetworkSpec, unknown]>([
    ['an overlay maps nothing', network('dcos'), { name: 'dcos' }],
    [
      'labels, sorted by key',
      network('dcos', { labels: { b: '2', a: '1' } }),
      {
        name: 'dcos',
        labels: {
          labels: [
            { key: 'a', value: '1' },
            { key: 'b', value: '2' },
          ],
        },
      },
    ],
    [
      'the bridge maps what is written, and every other port to itself',
      mapped,
      {
        name: 'mesos-bridge',
        port_mappings: [
          { host_port: 8080, container_port: 80 },
          { host_port: 8081, container_port: 8081 },
          { host_port: 31_000, container_port: 31_000 },
        ],
      },
    ],
  ])('%s', (_, spec, info) => {
    expect(ofExecutor({ networks: [spec], tasks }, dynamic).network_infos).toEqual([info]);
    expect(ofTask({ networks: [spec], tasks })).not.toHaveProperty('network_infos');
  });

  test.each<[string, string[], boolean]>([
    ['the host', [], true],
    ['an overlay', ['dcos'], false],
    ['an unknown network', ['mine'], false],
    ['the bridge', ['mesos-bridge'], true],
    ['the bridge and an overlay', ['dcos', 'mesos-bridge'], true],
  ])('ports on %s are ports of the agent: %s', (_, names, expected) => {
    expect(usesHostPorts(pod('web', { networks: names.map((name) => network(name)) }))).toBe(expected);
  });
});

test.each<[string, RlimitSpec, unknown]>([
  ['both', { name: 'RLIMIT_NOFILE', soft: 1, hard: 2 }, { type: 'RLMT_NOFILE', soft: 1, hard: 2 }],
  ['neither is unlimited', { name: 'RLIMIT_CORE' }, { type: 'RLMT_CORE' }],
  ['-1 is unlimited', { name: 'RLIMIT_AS', soft: -1, hard: -1 }, { type: 'RLMT_AS' }],
  ['0 is a limit', { name: 'RLIMIT_CORE', soft: 0, hard: 0 }, { type: 'RLMT_CORE', soft: 0, hard: 0 }],
])('limits of the kernel: %s', (_, rlimit, said) => {
  const expected = { rlimits: [said] };
  expect(ofTask({ rlimits: [rlimit] }).rlimit_info).toEqual(expected);
  expect(ofExecutor({ rlimits: [rlimit] }).rlimit_info).toEqual(expected);
});

test.each<[string, Partial<PodSpec>, Partial<TaskSpec>, object, object]>([
  ['a pid namespace is shared by the tasks', { sharePidNamespace: true }, {}, { share_pid_namespace: true }, {}],
  ['seccomp off', { seccomp: { kind: 'unconfined' } }, {}, { seccomp: { unconfined: true } }, {}],
  ['seccomp profile', { seccomp: { kind: 'profile', name: 'p' } }, {}, { seccomp: { profile_name: 'p' } }, {}],
  ['shared memory of the pod', { ipcMode: 'PRIVATE', shmSizeMb: 64 }, {}, {}, { ipc_mode: 'PRIVATE', shm_size: 64 }],
  ['shared memory of a task', {}, { ipcMode: 'PRIVATE', shmSizeMb: 64 }, { ipc_mode: 'PRIVATE', shm_size: 64 }, {}],
])('%s', (_, change, ofItsTask, inTask, inExecutor) => {
  const web = { ...change, tasks: [task('server', ofItsTask)] };
  expect(ofTask(web).linux_info).toEqual({ share_cgroups: false, ...inTask });
  expect(ofExecutor(web).linux_info).toEqual({ share_cgroups: false, ...inExecutor });
});

test('an image is for tasks: the executor is of the agent', () => {
  expect(ofTask({ image: 'web:1' }).mesos).toEqual({ image: { type: 'DOCKER', docker: { name: 'web:1' } } });
  expect(ofExecutor({ image: 'web:1' })).not.toHaveProperty('mesos');
});

describe('volumes', () => {
  const host = { container_path: 'logs', host_path: '/var/log', mode: 'RO' };
  const secret = {
    container_path: 'keytab',
    mode: 'RO',
    source: { type: 'SECRET', secret: { type: 'REFERENCE', reference: { name: 'shop/keytab' } } },
  };
  test.each<[string, Partial<PodSpec>, object[], object[]]>([
    ['of the host', { hostVolumes: [{ hostPath: '/var/log', containerPath: 'logs', mode: 'RO' }] }, [host], [host]],
    ['secrets as files', { secrets: [{ path: 'shop/keytab', file: 'keytab' }] }, [secret], [secret]],
    [
      'of the pod: the tasks see what the executor holds',
      { volumes: [{ type: 'ROOT', containerPath: 'data', sizeMb: 1 }] },
      [
        {
          container_path: 'data',
          mode: 'RW',
          source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'data' } },
        },
      ],
      [],
    ],
  ])('%s', (_, change, inTask, inExecutor) => {
    expect(ofTask(change).volumes ?? []).toEqual(inTask);
    expect(ofExecutor(change).volumes ?? []).toEqual(inExecutor);
  });

  test('a secret that is a variable only is no file', () => {
    expect(ofTask({ secrets: [{ path: 'p', envKey: 'P' }] })).not.toHaveProperty('volumes');
  });

  test('/tmp is that of the sandbox where agents can do so', () => {
    const settings = { ...defaultSettings, taskTmpVolume: true };
    expect(ofTask({}, { settings }).volumes).toEqual([{ container_path: '/tmp', host_path: 'tmp', mode: 'RW' }]);
    expect(ofExecutor({}, [], { settings })).not.toHaveProperty('volumes');
  });
});

describe('external volumes are known by names that stay with the instance', () => {
  test.each<[string, Partial<ExternalVolumeSpec>, string, Record<string, string>]>([
    ['of service and pod', { driver: 'rexray' }, 'team__shop_web_3', {}],
    ['as named', { driver: 'rexray', name: 'mine' }, 'mine_3', {}],
    ['with options', { driver: 'rexray', options: { size: '1' } }, 'team__shop_web_3', { size: '1' }],
    ['Portworx', { driver: 'pxd' }, 'team__shop-web-3', { nodes: 'LocalNode' }],
    ['Portworx, as named', { driver: 'pxd', name: 'mine' }, 'mine-3', { nodes: 'LocalNode' }],
    [
      'Portworx, shared by all instances',
      { driver: 'pxd', name: 'mine', options: { shared: 'true', nodes: 'other' } },
      'mine',
      { shared: 'true', nodes: 'LocalNode' },
    ],
    [
      'Portworx, shared in other words',
      { driver: 'pxd', name: 'mine', options: { shared: 'yes' } },
      'mine-3',
      { shared: 'yes', nodes: 'LocalNode' },
    ],
    [
      'shared means nothing to others',
      { driver: 'rexray', options: { shared: 'true' } },
      'team__shop_web_3',
      { shared: 'true' },
    ],
  ])('%s', (_, change, name, options) => {
    const volume: ExternalVolumeSpec = { containerPath: 'data', driver: 'pxd', options: {}, mode: 'RW', ...change };
    const web = pod('web', { externalVolumes: [volume] });
    const context = { index: 3, spec: { ...service(web), name: '/team/shop' } };
    const said = ofTask({ externalVolumes: [volume] }, context).volumes;
    expect(said?.map((one) => [one.mode, one.source?.docker_volume?.driver, one.source?.docker_volume?.name])).toEqual([
      ['RW', volume.driver, name],
    ]);
    const parameters = said?.[0]?.source?.docker_volume?.driver_options?.parameter ?? [];
    expect(Object.fromEntries(parameters.map(({ key, value }) => [key, value]))).toEqual(options);
    expect(ofExecutor({ externalVolumes: [volume] }, [], context).volumes).toEqual(said);
  });
});

describe('certificates are secrets named after what they certify', () => {
  const vip = { name: 'web', port: 80 };
  const web = (change: Partial<TaskSpec>, vips: readonly { name: string; port: number }[] = []) =>
    task('server', {
      transportEncryption: [{ name: 'node', type: 'TLS' }],
      resourceSet: {
        id: 'set',
        cpus: 1,
        memoryMb: 1,
        ...plainSet,
        ports: vips.map((one, at) => ({ name: `p${at}`, port: 80 + at, advertise: false, ranges: [], vip: one })),
      },
      ...change,
    });
  const paths = (change: Partial<TaskSpec>, vips: readonly { name: string; port: number }[], space = '/') =>
    ofTask({ tasks: [web(change, vips)] }, { settings: { ...defaultSettings, space } }).volumes?.map(
      ({ container_path, source }) => [container_path, source?.secret?.reference?.name],
    );

  /** SHA-1 of `web-0-server.shop.autoip.dcos.thisdcos.directory`, worked out by sha1sum. */
  const OWN = 'e2dc9ff6c75124368ee55e4a826f5e7cca98c88e';
  /** ...and of that name, a semicolon, and `web.shop.l4lb.thisdcos.directory`. */
  const WITH_VIP = '5901fd3e1a2cafce9df4234e89f9da5213799a7c';

  test.each<[string, Partial<TaskSpec>, readonly { name: string; port: number }[], string, string[][]]>([
    [
      'of its own name, in the space of the service',
      {},
      [],
      '/team',
      [
        ['node.crt', `team/${OWN}__web-0-server__node__certificate`],
        ['node.key', `team/${OWN}__web-0-server__node__private-key`],
        ['node.ca', `team/${OWN}__web-0-server__node__root-ca-certificate`],
      ],
    ],
    [
      'of its virtual address too, in the space of the service name when there is no other',
      { transportEncryption: [{ name: 'java', type: 'KEYSTORE' }] },
      [vip],
      '/',
      [
        ['java.keystore', `shop/__dcos_base64__${WITH_VIP}__web-0-server__java__keystore`],
        ['java.truststore', `shop/__dcos_base64__${WITH_VIP}__web-0-server__java__truststore`],
      ],
    ],
  ])('%s', (_, change, vips, space, expected) => {
    expect(paths(change, vips, space)).toEqual(expected);
  });
});
