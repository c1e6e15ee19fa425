/** Described machines for real: disks, volumes of a pod, URIs, checks, and an agent that an operator takes out. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../../runtime/cluster/cluster.ts';
import { type Machine, ordinary } from '../../../runtime/cluster/machine.ts';
import type { ExecutorInfo, Offer, Resource, TaskInfo } from '../../../runtime/kit/mesos.ts';
import type { OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { type Client, subscribe } from './cluster-client.ts';
import { until } from './process-kit.ts';

let workDir: string;
let cluster: Cluster;
let client: Client;

beforeEach(() => {
  workDir = mkdtempSync(join(tmpdir(), 'mainstay-machines-'));
});
afterEach(async () => {
  client?.leave();
  await cluster?.close(0);
  rmSync(workDir, { recursive: true });
});

async function start(...agents: Machine[]): Promise<void> {
  cluster = await startCluster({ agents, port: 0, workDir });
  client = await subscribe(cluster.url);
}

const reserved = (resource: Resource): Resource => ({
  ...resource,
  reservations: [{ type: 'DYNAMIC', role: 'test-role', principal: 'test' }],
});
const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });

function volumeOn(disk: Resource, id: string, container_path: string): Resource {
  const volume = { container_path, mode: 'RW' as const };
  return { ...disk, disk: { ...disk.disk, persistence: { id, principal: 'test' }, volume } };
}

/** Accepts with these operations and the launch of a task, whose executor holds what is named. */
async function launch(
  offer: Offer,
  before: OfferOperation[],
  task: Partial<TaskInfo> & { name: string },
  executorVolumes: Resource[] = [],
): Promise<void> {
  const executor: ExecutorInfo = {
    type: 'DEFAULT',
    executor_id: { value: `executor-of-${task.name}` },
    framework_id: { value: client.frameworkId },
    resources: [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 16), ...executorVolumes],
  };
  const info: TaskInfo = {
    task_id: { value: task.name },
    agent_id: offer.agent_id,
    resources: [scalar('cpus', 0.1), scalar('mem', 32)],
    ...task,
  };
  const launch_group = { executor, task_group: { tasks: [info] } };
  await client.call({
    type: 'ACCEPT',
    accept: { offer_ids: [offer.id], operations: [...before, { type: 'LAUNCH_GROUP', launch_group }] },
  });
}

const isMount = (resource: Resource) => resource.disk?.source?.type === 'MOUNT';

test('of two disks the one that fits holds the volume, in its own directory, and is empty again when it is destroyed', async () => {
  await start({ ...ordinary, mounts: [{ size: 2000 }, { size: 4000, profile: 'fast' }] });
  const offer = await client.offer(isMount);
  const fast = reserved(offer.resources!.find((resource) => resource.disk?.source?.profile === 'fast')!);
  const { allocation_info: _role, ...disk } = fast;
  const volume = volumeOn(disk, 'v', 'data');
  await launch(
    offer,
    [
      { type: 'RESERVE', reserve: { resources: [disk] } },
      { type: 'CREATE', create: { volumes: [volume] } },
    ],
    {
      name: 'writer',
      resources: [scalar('cpus', 0.1), scalar('mem', 32), volume],
      command: { value: 'echo here > data/file' },
    },
  );
  await client.status('writer', 'TASK_FINISHED');
  expect(readFileSync(join(workDir, 'agent-1/disks/2/file'), 'utf8')).toBe('here\n');
  const again = await client.offer((resource) => resource.disk?.persistence?.id === 'v');
  const operations: OfferOperation[] = [{ type: 'DESTROY', destroy: { volumes: [volume] } }];
  await launch(again, operations, {
    name: 'last',
    command: { value: `test -d ${workDir}/agent-1/disks/2 && ! ls ${workDir}/agent-1/disks/2 | grep .` },
  });
  expect(await client.status('last', 'TASK_FINISHED')).toBeDefined();
});

test('a volume of the pod is seen by its task; what a task fetches is there before it starts', async () => {
  await start(ordinary);
  const server = createServer((_, response) => response.end('#!/bin/sh\necho fetched > logs/proof\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/run.sh`;
  const offer = await client.offer((resource) => resource.name === 'cpus');
  const disk = reserved(scalar('disk', 64));
  const volume = volumeOn(disk, 'pod-volume', 'shared');
  const source = { type: 'SANDBOX_PATH' as const, sandbox_path: { type: 'PARENT' as const, path: 'shared' } };
  await launch(
    offer,
    [
      { type: 'RESERVE', reserve: { resources: [disk] } },
      { type: 'CREATE', create: { volumes: [volume] } },
    ],
    {
      name: 'sharer',
      command: { value: './run.sh', uris: [{ value: url, executable: true }] },
      container: { type: 'MESOS', volumes: [{ container_path: 'logs', mode: 'RW', source }] },
    },
    [volume],
  );
  await client.status('sharer', 'TASK_FINISHED');
  expect(readFileSync(join(workDir, 'agent-1/volumes/roles/test-role/pod-volume/proof'), 'utf8')).toBe('fetched\n');
  server.closeAllConnections();
  server.close();
});

test('a task whose URI cannot be had fails and says which', async () => {
  await start(ordinary);
  const offer = await client.offer((resource) => resource.name === 'cpus');
  const uris = [{ value: `${workDir}/nothing-here` }];
  await launch(offer, [], { name: 'lacking', command: { value: 'true', uris } });
  const { message } = await client.status('lacking', 'TASK_FAILED');
  expect(message).toMatch(/Failed to fetch '.*nothing-here': ENOENT/);
});

test('a TCP check tells when the task listens', async () => {
  await start({ ...ordinary, ports: [{ begin: 31_000, end: 31_999 }] });
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const offer = await client.offer((resource) => resource.name === 'cpus');
  await launch(offer, [], {
    name: 'checked',
    command: { value: 'sleep 1000' },
    check: { type: 'TCP', tcp: { port }, delay_seconds: 0, interval_seconds: 0.1 },
  });
  const told = await until(() =>
    client.events
      .flatMap((event) => (event.type === 'UPDATE' ? [event.update.status] : []))
      .find((status) => status.check_status?.tcp?.succeeded !== undefined),
  );
  expect(told.check_status).toEqual({ type: 'TCP', tcp: { succeeded: true } });
  listener.close();
});

test('an agent that is marked as gone over HTTP takes its task with it, process and all', async () => {
  await start(ordinary);
  const offer = await client.offer((resource) => resource.name === 'cpus');
  await launch(offer, [], { name: 'doomed', command: { value: 'sleep 1000' } });
  const { container_status } = await client.status('doomed', 'TASK_RUNNING');
  const call = { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: offer.agent_id } };
  const ask = (body: unknown) =>
    fetch(`${cluster.url}/api/v1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await ask(call)).status).toBe(200);
  expect(await client.status('doomed', 'TASK_GONE_BY_OPERATOR')).toMatchObject({ source: 'SOURCE_MASTER' });
  await until(() => !isThere(container_status?.executor_pid ?? 0));
  expect(await (await ask({ type: 'GET_AGENTS' })).json()).toEqual({
    type: 'GET_AGENTS',
    get_agents: { agents: [], recovered_agents: [] },
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
