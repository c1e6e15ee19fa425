/** The cluster loses power under a living scheduler, which notices, waits, and puts everything back in its place. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mesosTasks, startCluster, taskPids, taskProcess, unusedReservations, volumes } from '../support/cluster.ts';
import { dataStoreTasks, logLines, moreLines, storeVolume } from '../support/data-store.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { taskProcesses } from '../support/processes.ts';
import { randomFrom, seedOf } from '../support/random.ts';
import { deployed, logOf, plan, planIs, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

const POWER_CUTS = 6;

test('after a power cut of the cluster, each task runs again on its volume, without a word from an operator', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const scheduler = run(place, { master: cluster.url, port });
  await deployed(port);
  const { workDir } = cluster;
  const volumesBefore = dataStoreTasks.map((task) => storeVolume(workDir, task));
  const pidsBefore = taskPids(workDir);
  const linesBefore = await Promise.all(volumesBefore.map((volume) => moreLines(0, volume)));

  await cluster.program.kill();
  await eventually(() => expect(taskProcesses(workDir)).toEqual([]), 5000);
  await startCluster(place, cluster.port);

  const startedAt = Date.now();
  await eventually(() => expect(Object.keys(taskPids(workDir))).toEqual(dataStoreTasks));
  console.log(`all tasks of a killed cluster run again ${Date.now() - startedAt} ms after its start`);
  for (const task of dataStoreTasks) expect(taskProcess(workDir, task).pid).not.toBe(pidsBefore[task]);
  expect(dataStoreTasks.map((task) => storeVolume(workDir, task))).toEqual(volumesBefore);
  for (const [at, volume] of volumesBefore.entries()) {
    const before = linesBefore[at]!;
    expect(logLines(volume).slice(0, before.length)).toEqual(before);
  }
  expect(volumes(workDir)).toHaveLength(5);
  await planIs(port, 'recovery', 'COMPLETE');
  await planIs(port, 'deploy', 'COMPLETE');
  const failed = logOf(scheduler).filter(({ state }) => state === 'TASK_FAILED');
  expect(failed.map(({ task }) => task).sort()).toEqual(dataStoreTasks);
});

test('power cuts during a deployment: in the end five tasks run on five volumes, and nothing is held for nobody', async () => {
  const seed = seedOf();
  const random = randomFrom(seed);
  console.log(`SEED=${seed}`);
  const place = workplace();
  let cluster = await startCluster(place);
  const port = await freePort();
  run(place, { master: cluster.url, port });
  for (let cut = 0; cut < POWER_CUTS; cut++) {
    await sleep(random() * 1000);
    await cluster.program.kill();
    cluster = await startCluster(place, cluster.port);
  }
  await eventually(async () => {
    expect((await plan(port, 'deploy')).status).toBe('COMPLETE');
    expect((await plan(port, 'recovery')).status).toBe('COMPLETE');
    expect(Object.keys(taskPids(cluster.workDir))).toEqual(dataStoreTasks);
    const { tasks } = await mesosTasks(cluster.url);
    expect(tasks.map(({ name }) => name).sort()).toEqual(dataStoreTasks);
  }, 30_000);
  // What an interrupted launch had reserved is given back behind the plans' backs.
  await eventually(async () => expect(await unusedReservations(cluster.url)).toEqual([]));
  expect(volumes(cluster.workDir)).toHaveLength(5);
}, 60_000);

test('a volume whose removal the power cut interrupted is removed at the next start, the others stay', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  run(place, { master: cluster.url, port });
  await deployed(port);
  const held = volumes(cluster.workDir);
  const destroyed = join(dirname(held[0]!), 'destroyed');
  await cluster.program.kill();
  mkdirSync(destroyed);
  writeFileSync(join(destroyed, 'log'), 'its end is in the checkpoint already');
  await startCluster(place, cluster.port);
  expect(volumes(cluster.workDir)).toEqual(held);
  await eventually(() => expect(Object.keys(taskPids(cluster.workDir))).toEqual(dataStoreTasks));
});

test('a cluster that is still starting refuses, rather than to leave whoever asks without an answer', async () => {
  const place = workplace();
  const port = await freePort();
  const started = startCluster(place, port);
  const answers: (number | undefined)[] = [];
  while (answers.at(-1) !== 200) answers.push(await statusOf(`http://127.0.0.1:${port}/health`));
  expect(answers.filter((answer) => answer !== undefined && answer !== 503)).toEqual([200]);
  await started;
});

/** Undefined when nobody listens; fails when somebody does and says nothing. */
async function statusOf(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).status;
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') throw error;
    return undefined;
  }
}
