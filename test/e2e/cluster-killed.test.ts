/** The cluster loses power under a living scheduler, which notices, waits, and puts everything back in its place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster, taskPids, taskProcess, volumeOf, volumes } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { taskProcesses } from '../support/processes.ts';
import { dataStoreTasks, deployed, logOf, planIs, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

test('after a power cut of the cluster, each task runs again on its volume, without a word from an operator', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const scheduler = run(place, { master: cluster.url, port });
  await deployed(port);
  const { workDir } = cluster;
  const path = (task: string) => (task.startsWith('meta-data') ? 'meta-data' : 'data');
  const volumesBefore = dataStoreTasks.map((task) => volumeOf(workDir, task, path(task)));
  const pidsBefore = taskPids(workDir);
  const firstLines = await eventually(() => volumesBefore.map(firstLine));

  await cluster.program.kill();
  await eventually(() => expect(taskProcesses(workDir)).toEqual([]), 5000);
  await startCluster(place, cluster.port);

  const startedAt = Date.now();
  await eventually(() => expect(Object.keys(taskPids(workDir))).toEqual(dataStoreTasks), 20_000);
  console.log(`all tasks of a killed cluster run again ${Date.now() - startedAt} ms after its start`);
  for (const task of dataStoreTasks) expect(taskProcess(workDir, task).pid).not.toBe(pidsBefore[task]);
  expect(dataStoreTasks.map((task) => volumeOf(workDir, task, path(task)))).toEqual(volumesBefore);
  expect(volumesBefore.map(firstLine)).toEqual(firstLines);
  expect(volumes(workDir)).toHaveLength(5);
  await planIs(port, 'recovery', 'COMPLETE');
  await planIs(port, 'deploy', 'COMPLETE');
  const failed = logOf(scheduler).filter(({ state }) => state === 'TASK_FAILED');
  expect(failed.map(({ task }) => task).sort()).toEqual(dataStoreTasks);
});

function firstLine(volume: string): string {
  const [line] = readFileSync(join(volume, 'log'), 'utf8').split('\n');
  expect(line).not.toBe('');
  return line!;
}
