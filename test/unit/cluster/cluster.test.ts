import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../../runtime/cluster/cluster.ts';
import { launch, subscribe } from './cluster-client.ts';
import { buildCluster } from './process-build.ts';
import { marked, until } from './process-kit.ts';

let workDir: string;
let open: Cluster[];

beforeEach(() => {
  workDir = mkdtempSync(join(tmpdir(), 'mainstay-cluster-'));
  open = [];
});
afterEach(async () => {
  for (const cluster of open) await cluster.close(0);
  rmSync(workDir, { recursive: true });
});

async function start(agents = 2): Promise<Cluster> {
  const cluster = await startCluster({ agents, port: 0, workDir });
  open.push(cluster);
  return cluster;
}

async function stop(cluster: Cluster): Promise<void> {
  open = open.filter((other) => other !== cluster);
  await cluster.close();
}

const isCpus = (resource: { name: string }) => resource.name === 'cpus';

test('offers its agents: 4 cpus, 8 GB, 20 GB and ports of their own', async () => {
  const cluster = await start();
  const client = await subscribe(cluster.url);
  const offers = client.events.flatMap((event) => (event.type === 'OFFERS' ? (event.offers.offers ?? []) : []));
  const known =
    offers.length === 2
      ? offers
      : await until(() => {
          const all = client.events.flatMap((event) => (event.type === 'OFFERS' ? (event.offers.offers ?? []) : []));
          return all.length === 2 && all;
        });
  const allocation_info = { role: 'test-role' };
  for (const [index, hostname] of ['agent-1', 'agent-2'].entries()) {
    const range = [{ begin: 10_000 + 1000 * index, end: 10_999 + 1000 * index }];
    expect(known.find((offer) => offer.hostname === hostname)?.resources).toEqual(
      expect.arrayContaining([
        { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, allocation_info },
        { name: 'mem', type: 'SCALAR', scalar: { value: 8192 }, allocation_info },
        { name: 'disk', type: 'SCALAR', scalar: { value: 20_000 }, allocation_info },
        { name: 'ports', type: 'RANGES', ranges: { range }, allocation_info },
      ]),
    );
  }
  client.leave();
});

test('runs a task on a volume that outlives it and the cluster', async () => {
  const before = await start();
  const client = await subscribe(before.url);
  const offer = await client.offer(isCpus);
  await launch(client, offer, 'first', 'echo one >> data/log; sleep 3000', 'volume-1', true);
  const { executor_id, container_status, agent_id } = await client.status('first', 'TASK_RUNNING');
  expect(container_status?.executor_pid).toBeGreaterThan(1);
  const log = join(workDir, offer.hostname, 'volumes/roles/test-role/volume-1/log');
  await until(() => readText(log) === 'one\n');
  client.leave();
  await stop(before);

  const after = await start();
  const again = await subscribe(after.url, client.frameworkId);
  // The end of the cluster was a power cut: what the task said at its end is not remembered.
  const lost = await again.status('first', 'TASK_FAILED');
  expect(lost).toMatchObject({ source: 'SOURCE_AGENT', executor_id, agent_id, uuid: expect.any(String) });
  const offered = await again.offer((resource) => resource.disk?.persistence?.id === 'volume-1');
  expect(offered.agent_id).toEqual(agent_id);
  await launch(again, offered, 'second', 'echo two >> data/log', 'volume-1', false);
  expect(await again.status('second', 'TASK_FINISHED')).toMatchObject({ message: 'Command exited with status 0' });
  expect(readFileSync(log, 'utf8')).toBe('one\ntwo\n');
  again.leave();
});

test('a closed cluster gives its tasks their grace period, and no more', async () => {
  const cluster = await start();
  const client = await subscribe(cluster.url);
  const mark = randomUUID();
  const polite = `MARK=${mark}; export MARK; trap 'echo bye >> data/log; exit 0' TERM; echo up >> data/log; while :; do sleep 0.01; done`;
  const offer = await client.offer(isCpus);
  await launch(client, offer, 'polite', polite, 'volume-1', true);
  const log = join(workDir, offer.hostname, 'volumes/roles/test-role/volume-1/log');
  await until(() => readText(log) === 'up\n');
  client.leave();
  await stop(cluster);
  expect(readFileSync(log, 'utf8')).toBe('up\nbye\n');
  expect(marked(workDir)).toEqual([]);
});

describe('a work directory', () => {
  test('is not shared by two clusters', async () => {
    await start();
    await expect(start()).rejects.toThrow(`process ${process.pid} runs a cluster in`);
  });

  test('of a cluster that was killed is free again, and none of its processes runs', async () => {
    const built = buildCluster();
    const program = `import { startCluster } from './cluster/cluster.js';
      const { url } = await startCluster({ agents: 2, port: 0, workDir: process.env.WORK_DIR }); console.log(url);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: built,
      env: { PATH: process.env['PATH'], WORK_DIR: workDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const client = await subscribe(line.toString().trim());
    const daemon = '(setsid sh -c "trap : TERM; sleep 3001 & sleep 3002" &) ; sleep 3003';
    await launch(client, await client.offer(isCpus), 'task', daemon, 'volume-1', true);
    await client.status('task', 'TASK_RUNNING');
    client.leave();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await start();
    expect(marked(`MESOS_SANDBOX=${workDir}`)).toEqual([]);
    rmSync(built, { recursive: true });
  });

  test('holds no half-written file', async () => {
    const cluster = await start();
    await until(() => ['agent-1', 'agent-2'].every((agent) => existsSync(join(workDir, agent, 'agent.json'))));
    await stop(cluster);
    expect(readdirSync(workDir).sort()).toEqual(['agent-1', 'agent-2', 'claims', 'master.json']);
    expect(readdirSync(join(workDir, 'agent-1')).sort()).toEqual(['agent.json', 'trash']);
    expect(readdirSync(join(workDir, 'claims'))).toEqual([]);
  });
});

test('a port in use is an error of the system, and claims nothing', async () => {
  const other = await start();
  const dir = mkdtempSync(join(tmpdir(), 'mainstay-cluster-'));
  const taken = startCluster({ agents: 1, port: other.port, workDir: dir });
  await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const cluster = await startCluster({ agents: 1, port: 0, workDir: dir });
  await cluster.close();
  rmSync(dir, { recursive: true });
});

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
