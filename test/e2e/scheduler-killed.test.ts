/** The scheduler dies again and again while it deploys. What it has begun goes on as if nothing had happened. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mesosTasks, startCluster, taskPids, unusedReservations, volumes } from '../support/cluster.ts';
import { dataStoreTasks, goOn } from '../support/data-store.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { randomFrom, seedOf } from '../support/random.ts';
import { deployed, logs, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

const KILLS = 20;

test('twenty SIGKILLs during a deployment: five tasks launched once, five volumes, and the same processes ever after', async () => {
  const seed = seedOf();
  const random = randomFrom(seed);
  const place = workplace();
  const cluster = await startCluster(place);
  const start = { master: cluster.url, port: await freePort() };

  const launched: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const scheduler = run(place, start);
    // Every other one dies before it has said a word, or while it says the first; the rest while they launch, most of them soon.
    if (kill % 2 === 0) {
      await sleep(random() * 600);
    } else {
      await logs(scheduler, 'subscribed');
      await sleep(random() ** 2 * 400);
    }
    await scheduler.kill();
    launched.push((await mesosTasks(cluster.url)).tasks.length);
  }
  console.log(`SEED=${seed}: tasks that Mesos had after each SIGKILL: ${launched.join(' ')}`);

  const survivor = run(place, start);
  await deployed(start.port);

  const { tasks, completed } = await mesosTasks(cluster.url);
  expect(tasks.map(({ name }) => name).sort()).toEqual(dataStoreTasks);
  expect(tasks.map(({ state }) => state)).toEqual(dataStoreTasks.map(() => 'TASK_RUNNING'));
  expect(completed).toEqual([]);
  // What an interrupted launch had reserved is given back behind the plans' backs.
  await eventually(async () => expect(await unusedReservations(cluster.url)).toEqual([]));
  expect(volumes(cluster.workDir)).toHaveLength(5);
  const pids = taskPids(cluster.workDir);
  expect(Object.keys(pids)).toEqual(dataStoreTasks);

  await survivor.kill();
  const last = run(place, start);
  await logs(last, 'subscribed');
  await goOn(cluster.workDir, pids);
  await deployed(start.port);
  expect((await mesosTasks(cluster.url)).tasks.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
}, 60_000);
