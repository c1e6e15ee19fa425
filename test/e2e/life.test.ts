/** What happens after the first deployment, with real processes: changes, canaries, pauses, scale-down, and the end. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mesosTasks, startCluster, taskPids, taskProcess, volumeOf, volumes } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { deployed, helloWorld, plan, planIs, run } from '../support/service.ts';
import { type Workplace, workplace } from '../support/workplace.ts';

/** A verb of the command line; it must succeed unless another code is named. */
async function mainstay(place: Workplace, port: number, args: readonly string[], code = 0): Promise<string> {
  const { code: got, stdout, stderr } = await place.mainstay([...args, '--url', `http://127.0.0.1:${port}`]).ended;
  expect(got, stderr).toBe(code);
  return stdout;
}

test('a changed command rolls hello-world one pod at a time; what it would do is known before', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const start = { master: cluster.url, port, definition: helloWorld };
  const first = run(place, start);
  await deployed(port);
  const before = taskPids(cluster.workDir);
  const data = volumeOf(cluster.workDir, 'world-0-server', 'world-data');

  expect(await mainstay(place, port, ['preview', helloWorld])).toContain('Nothing to do');
  const foreseen = await mainstay(place, port, ['preview', helloWorld, '-e', 'SLEEP_DURATION=7'], 2);
  expect(foreseen).toMatch(/SLEEP_DURATION: "1000" -> "7"/);
  expect(foreseen).toMatch(/Restarted, in this order:\n {2}hello-0\n {2}world-0\n {2}world-1/);

  await first.kill();
  run(place, { ...start, env: { SLEEP_DURATION: '7' } });
  await eventually(
    () => expect(Object.values(taskPids(cluster.workDir))).not.toContain(before['world-1-server']),
    30_000,
  );
  await deployed(port, 30_000);
  const after = taskPids(cluster.workDir);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const [task, pid] of Object.entries(after)) expect(pid, task).not.toBe(before[task]);
  expect(taskProcess(cluster.workDir, 'world-0-server').env['SLEEP_DURATION']).toBe('7');
  expect(volumeOf(cluster.workDir, 'world-0-server', 'world-data')).toBe(data);
  const { completed } = await mesosTasks(cluster.url);
  expect(completed.map((task) => task.name).sort(), 'each was ended once').toEqual(Object.keys(before).sort());
});

test('a canary waits for an operator, twice', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const folder = join(place.directory, 'canary');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'svc.yml'),
    `name: canary
pods:
  web:
    count: 3
    tasks:
      server: { goal: RUNNING, cmd: 'exec sleep 1000', cpus: 0.1, memory: 32 }
plans:
  deploy:
    phases:
      rollout: { pod: web, strategy: canary }
`,
  );
  run(place, { master: cluster.url, port, definition: folder });
  await planIs(port, 'deploy', 'WAITING');
  expect(taskPids(cluster.workDir)).toEqual({});
  await mainstay(place, port, ['plan', 'resume', 'deploy', 'rollout']);
  await eventually(async () => expect((await plan(port, 'deploy')).phases[0]?.steps[0]?.status).toBe('COMPLETE'));
  expect((await plan(port, 'deploy')).status).toBe('WAITING');
  expect(Object.keys(taskPids(cluster.workDir))).toEqual(['web-0-server']);
  await mainstay(place, port, ['plan', 'resume', 'deploy', 'rollout']);
  await deployed(port);
  expect(Object.keys(taskPids(cluster.workDir))).toEqual(['web-0-server', 'web-1-server', 'web-2-server']);
});

test('a pod is paused and resumed on its volume', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  run(place, { master: cluster.url, port, definition: helloWorld });
  await deployed(port);
  const volume = volumeOf(cluster.workDir, 'hello-0-server', 'hello-data');
  const status = () => mainstay(place, port, ['pod', 'status', 'hello-0']);

  await mainstay(place, port, ['pod', 'pause', 'hello-0']);
  await eventually(async () => expect(await status()).toContain('PAUSED'), 15_000);
  expect(volumeOf(cluster.workDir, 'hello-0-server', 'hello-data')).toBe(volume);
  await mainstay(place, port, ['pod', 'resume', 'hello-0']);
  await eventually(async () => expect(await status()).toContain('RUNNING'), 15_000);
  await planIs(port, 'recovery', 'COMPLETE');
  expect(volumeOf(cluster.workDir, 'hello-0-server', 'hello-data')).toBe(volume);
  await eventually(() => expect(readFileSync(join(volume, 'greeting'), 'utf8')).toContain('hello-0-server'));
});

test('data-store grows to five, shrinks to two, and is uninstalled without a trace', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const start = { master: cluster.url, port };
  const five = run(place, { ...start, env: { DATA_COUNT: '5' } });
  await deployed(port, 20_000);
  const before = taskPids(cluster.workDir);
  expect(volumes(cluster.workDir)).toHaveLength(7);

  await five.kill();
  const two = run(place, { ...start, env: { DATA_COUNT: '2' } });
  await eventually(async () => expect((await plan(port, 'decommission')).status).toBe('COMPLETE'), 30_000);
  const left = taskPids(cluster.workDir);
  expect(Object.keys(left)).toEqual(['data-0-node', 'data-1-node', 'meta-data-0-node', 'meta-data-1-node']);
  expect(before).toMatchObject(left);
  await eventually(() => expect(volumes(cluster.workDir)).toHaveLength(4));

  await two.kill();
  const uninstall = run(place, start, ['--uninstall']);
  await eventually(async () => expect((await plan(port, 'deploy')).status).toBe('COMPLETE'), 30_000);
  expect((await plan(port, 'deploy')).code).toBe(200);
  expect(taskPids(cluster.workDir)).toEqual({});
  expect(volumes(cluster.workDir)).toEqual([]);
  const state = (await (await fetch(`${cluster.url}/state`)).json()) as {
    frameworks: unknown[];
    slaves: { reserved_resources: object }[];
  };
  expect(state.frameworks).toEqual([]);
  expect(state.slaves.map((agent) => agent.reserved_resources)).toEqual([{}, {}, {}]);

  // Killed and started once more it has nothing to do, and says so.
  await uninstall.kill();
  run(place, start, ['--uninstall']);
  await eventually(async () => expect((await plan(port, 'deploy')).code).toBe(200));
});
