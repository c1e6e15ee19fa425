/** Tasks die, are restarted and are replaced. Volumes outlive all but the last. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ClusterProcess, startCluster, taskPids, taskProcess, volumes } from '../support/cluster.ts';
import { moreLines, storeVolume } from '../support/data-store.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { deployed, planIs, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

test('a task whose process is killed runs again within 5 seconds, on its volume, with its file', async () => {
  const { cluster, port } = await deployedService();
  const others = otherPids(cluster, 'data-1-node');
  const { pid } = taskProcess(cluster.workDir, 'data-1-node');
  const volume = storeVolume(cluster.workDir, 'data-1-node');
  const before = await moreLines(0, volume);

  const killedAt = Date.now();
  process.kill(pid, 'SIGKILL');
  await eventually(() => expect(taskProcess(cluster.workDir, 'data-1-node').pid).not.toBe(pid), 5000);
  console.log(`a killed task runs again after ${Date.now() - killedAt} ms`);

  expect(storeVolume(cluster.workDir, 'data-1-node')).toBe(volume);
  const after = await moreLines(before.length + 1, volume);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.at(-1)).toContain(` ${taskProcess(cluster.workDir, 'data-1-node').pid} data-1-node`);
  expect(otherPids(cluster, 'data-1-node')).toEqual(others);
  await planIs(port, 'recovery', 'COMPLETE');
  await planIs(port, 'deploy', 'COMPLETE');
});

test('pod restart starts it again in place; pod replace gives it a new empty volume, and the old one is gone', async () => {
  const { place, cluster, port } = await deployedService();
  const others = otherPids(cluster, 'data-1-node');
  const { pid } = taskProcess(cluster.workDir, 'data-1-node');
  const volume = storeVolume(cluster.workDir, 'data-1-node');
  const before = await moreLines(0, volume);
  const pod = (verb: string, ...agreed: string[]) =>
    place.mainstay(['pod', verb, 'data-1', '--url', `http://127.0.0.1:${port}`, ...agreed]).ended;

  const restarted = await pod('restart');
  expect(restarted.code, restarted.stderr).toBe(0);
  expect(JSON.parse(restarted.stdout)).toEqual({ pod: 'data-1', tasks: ['data-1-node'] });
  await eventually(() => expect(taskProcess(cluster.workDir, 'data-1-node').pid).not.toBe(pid));
  expect(storeVolume(cluster.workDir, 'data-1-node')).toBe(volume);
  expect((await moreLines(before.length + 1, volume)).slice(0, before.length)).toEqual(before);
  await planIs(port, 'recovery', 'COMPLETE');

  const restartedPid = taskProcess(cluster.workDir, 'data-1-node').pid;
  const refused = await pod('replace');
  expect(refused.code, refused.stderr).toBe(2);
  expect(refused.stderr).toContain('volume data of data-1-node');
  const replaced = await pod('replace', '--yes');
  expect(replaced.code, replaced.stderr).toBe(0);
  expect(JSON.parse(replaced.stdout)).toEqual({ pod: 'data-1', tasks: ['data-1-node'] });
  expect(replaced.stderr).toContain('data-1');
  await eventually(() => expect(taskProcess(cluster.workDir, 'data-1-node').pid).not.toBe(restartedPid));
  const fresh = storeVolume(cluster.workDir, 'data-1-node');
  expect(fresh).not.toBe(volume);
  const newPid = taskProcess(cluster.workDir, 'data-1-node').pid;
  expect((await moreLines(0, fresh))[0]).toContain(` ${newPid} data-1-node`);
  await eventually(() => expect(existsSync(volume)).toBe(false));
  expect(volumes(cluster.workDir)).toHaveLength(5);
  expect(otherPids(cluster, 'data-1-node')).toEqual(others);
  await planIs(port, 'recovery', 'COMPLETE');
});

test('a replace that the API has confirmed is done, also when the scheduler dies with the answer on its lips', async () => {
  const { place, cluster, port, scheduler } = await deployedService();
  const volume = storeVolume(cluster.workDir, 'data-1-node');
  const response = await fetch(`http://127.0.0.1:${port}/v1/pod/data-1/replace`, { method: 'POST' });
  expect(response.status).toBe(200);
  await scheduler.kill();
  run(place, { master: cluster.url, port });
  await eventually(() => expect(storeVolume(cluster.workDir, 'data-1-node')).not.toBe(volume));
  await eventually(() => expect(existsSync(volume)).toBe(false));
  expect(volumes(cluster.workDir)).toHaveLength(5);
  await planIs(port, 'recovery', 'COMPLETE');
});

async function deployedService() {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const scheduler = run(place, { master: cluster.url, port });
  await deployed(port);
  return { place, cluster, port, scheduler };
}

function otherPids(cluster: ClusterProcess, task: string): Record<string, number> {
  const { [task]: _, ...others } = taskPids(cluster.workDir);
  return others;
}
