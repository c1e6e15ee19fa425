import { afterEach, describe, expect, test } from 'vitest';
import type { ContainerStatus, TaskInfo } from '../../../runtime/kit/mesos.ts';
import { toStored } from '../../../runtime/spec/stored/service.ts';
import {
  FRAMEWORK,
  helloWorld,
  helloWorldSpec,
  type Served,
  serve,
  stateOf,
  TARGET,
  taskRecord,
} from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const none = { type: null, body: '' };

function withPort(index: number, ips: string[], change: Partial<TaskInfo> = {}) {
  const record = taskRecord('hello', index, 'TASK_RUNNING', {
    discovery: {
      visibility: 'CLUSTER',
      name: `hello-${index}-server`,
      ports: {
        ports: [
          { number: 9042, name: 'native', protocol: 'tcp', visibility: 'EXTERNAL' },
          { number: 7000, name: 'gossip', protocol: 'tcp', visibility: 'CLUSTER' },
        ],
      },
    },
    ...change,
  });
  const container_status: ContainerStatus = {
    network_infos: [{ ip_addresses: ips.map((ip_address) => ({ ip_address })) }],
  };
  if (record.status) record.status = { ...record.status, container_status };
  return record;
}

test('advertised ports are endpoints', async () => {
  served = await serve(stateOf(helloWorld([withPort(10, ['10.0.2.5']), withPort(2, ['10.0.1.17'])]), FRAMEWORK));
  expect((await served.get('/v1/endpoints')).body).toBe('["native"]');
  expect(await served.get('/v1/endpoints/native')).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
    body: `{
  "address": [
    "10.0.1.17:9042",
    "10.0.2.5:9042"
  ],
  "dns": [
    "hello-2-server.hello-world.autoip.dcos.thisdcos.directory:9042",
    "hello-10-server.hello-world.autoip.dcos.thisdcos.directory:9042"
  ]
}`,
  });
});

test.each([
  ['is the host of the agent until Mesos says an address', [], '10.0.0.7:9042'],
  ['lists several', ['10.0.1.17', 'fd00::1'], '[10.0.1.17, fd00::1]:9042'],
])('an address %s', async (_, ips, address) => {
  served = await serve(stateOf(helloWorld([withPort(0, ips)]), FRAMEWORK));
  expect(JSON.parse((await served.get('/v1/endpoints/native')).body).address).toEqual([address]);
});

describe('an endpoint', () => {
  const client = (vip: string, change: Partial<TaskInfo> = {}) => ({
    discovery: {
      visibility: 'CLUSTER' as const,
      ports: {
        ports: [
          {
            number: 9042,
            name: 'native',
            visibility: 'EXTERNAL' as const,
            labels: {
              labels: [
                { key: 'VIP_1', value: vip },
                { key: 'network-scope', value: 'container' },
              ],
            },
          },
        ],
      },
    },
    ...change,
  });
  const joined = (...names: string[]): Partial<TaskInfo> => ({
    executor: {
      executor_id: { value: 'e' },
      container: { type: 'MESOS', network_infos: names.map((name) => ({ name })) },
    },
  });

  test.each<[string, Partial<TaskInfo>, object]>([
    [
      'with a virtual address, by the name of the task without a discovery name',
      client('front:9000'),
      {
        address: ['172.17.0.5:9042'],
        dns: ['hello-0-server.hello-world.autoip.dcos.thisdcos.directory:9042'],
        vip: 'front.hello-world.l4lb.thisdcos.directory:9000',
      },
    ],
    ['of an overlay is where its container is', client('front:9000', joined('dcos')), { address: ['172.17.0.5:9042'] }],
    [
      'of the bridge is where the agent is',
      client('front:9000', joined('mesos-bridge')),
      { address: ['10.0.0.7:9042'] },
    ],
  ])('%s', async (_, change, body) => {
    served = await serve(stateOf(helloWorld([withPort(0, ['172.17.0.5'], change)]), FRAMEWORK));
    expect(JSON.parse((await served.get('/v1/endpoints/native')).body)).toMatchObject(body);
  });

  test('without a virtual address says nothing of one', async () => {
    served = await serve(stateOf(helloWorld([withPort(0, [])]), FRAMEWORK));
    expect(JSON.parse((await served.get('/v1/endpoints/native')).body)).not.toHaveProperty('vip');
  });
});

test('a limit that is none is shown as Mesos writes it', async () => {
  const record = withPort(0, [], { limits: { cpus: { value: Number.POSITIVE_INFINITY } } });
  served = await serve(stateOf(helloWorld([record]), FRAMEWORK));
  const [task] = JSON.parse((await served.get('/v1/pod/hello-0/info')).body);
  expect(task.info.limits).toEqual({ cpus: { value: 'Infinity' } });
});

test('a port that is not advertised, or of a task that never ran, is no endpoint', async () => {
  served = await serve(stateOf(helloWorld([withPort(0, [], { task_id: { value: '' } })]), FRAMEWORK));
  expect((await served.get('/v1/endpoints')).body).toBe('[]');
  expect(await served.get('/v1/endpoints/gossip')).toEqual({ status: 404, ...none });
  expect(await served.get('/v1/endpoints/native')).toEqual({ status: 404, ...none });
});

test('the framework id is there once Mesos gave it', async () => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  expect(await served.get('/v1/state/frameworkId')).toMatchObject({ status: 200, body: `["${FRAMEWORK}"]` });
  await served.close();
  served = await serve(stateOf(helloWorld([])));
  expect(await served.get('/v1/state/frameworkId')).toEqual({ status: 404, ...none });
});

test('configurations are listed and shown as they are stored', async () => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  expect((await served.get('/v1/configurations')).body).toBe(`["${TARGET}"]`);
  expect((await served.get('/v1/configurations/targetId')).body).toBe(`["${TARGET}"]`);
  const target = await served.get('/v1/configurations/target');
  expect(target.body).toMatch(/^\{\n {2}"name" : "hello-world",\n/);
  expect(JSON.parse(target.body)).toEqual(JSON.parse(JSON.stringify(toStored(helloWorldSpec()))));
  expect(await served.get(`/v1/configurations/${TARGET}`)).toEqual(target);
});

test.each([
  ['an id that is none', 'latest', 400],
  ['an unknown id', 'c0ffee00-0000-4000-8000-00000000ffff', 404],
])('%s is refused without a body', async (_, id, status) => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  expect(await served.get(`/v1/configurations/${id}`)).toEqual({ status, ...none });
});

describe('a text that the definition publishes', () => {
  const endpoints = { 'core-site.xml': '<configuration/>\n', native: 'in place of the port' };

  test('is answered as it is, and wins over a port of its name', async () => {
    served = await serve(stateOf(helloWorld([withPort(0, [])], { endpoints }), FRAMEWORK));
    expect((await served.get('/v1/endpoints')).body).toBe('[\n  "core-site.xml",\n  "native"\n]');
    const type = 'text/plain; charset=utf-8';
    expect(await served.get('/v1/endpoints/core-site.xml')).toEqual({ status: 200, type, body: '<configuration/>\n' });
    expect(await served.get('/v1/endpoints/native?format=native')).toMatchObject({ body: 'in place of the port' });
  });

  test.each(['__proto__', 'constructor', 'toString'])('is not found by the name %s', async (name) => {
    served = await serve(stateOf(helloWorld([], { endpoints }), FRAMEWORK));
    expect(await served.get(`/v1/endpoints/${name}`)).toEqual({ status: 404, ...none });
  });
});
