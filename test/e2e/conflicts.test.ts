/** Two that want the same thing, and things that are not there: the second gets a message, the first notices nothing. */

import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startCluster, taskPids } from '../support/cluster.ts';
import { dataStoreTasks } from '../support/data-store.ts';
import { dev, startDev } from '../support/dev.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { deployed, get, helloWorld, logOf, logs, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

const NOWHERE = 'http://127.0.0.1:1';

test('a second scheduler on one store ends with code 8 and names the first', async () => {
  const place = workplace();
  const first = run(place, { master: NOWHERE, port: await freePort() });
  await logs(first, 'scheduler started');
  const second = run(place, { master: NOWHERE, port: await freePort() });
  const { code } = await second.ended;
  expect(code).toBe(8);
  expect(logOf(second).at(-1)?.msg).toContain(`held by process ${first.pid}`);
});

test('a port in use is an error that names --port, for run, dev and cluster', async () => {
  const place = workplace();
  const port = await freePort();
  const server = createServer().listen(port);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const scheduler = run(place, { master: NOWHERE, port });
  const ends = await Promise.all([
    scheduler.ended,
    startDev(place, ['--port', String(port)]).ended,
    place.mainstay(['cluster', '--port', String(port)]).ended,
  ]);
  expect(ends.map(({ code }) => code)).toEqual([9, 1, 1]);
  for (const { stderr } of ends) {
    expect(stderr).toContain(String(port));
    expect(stderr).toContain('--port');
    expect(stderr).not.toContain('    at ');
  }
});

test('a data directory in use, or of another service, is refused with the flag that names another', async () => {
  const place = workplace();
  const first = await dev(place);
  await deployed(first.port);
  const before = taskPids(first.workDir);

  const second = await startDev(place).ended;
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(`process ${first.program.pid}`);
  expect(second.stderr).toContain('--data-dir');

  const foreign = await startDev(place, [], helloWorld).ended;
  expect(foreign.code).toBe(1);
  expect(foreign.stderr).toContain('belongs to the service "data-store", not to "hello-world"');
  expect(foreign.stderr).toContain('--data-dir');
  expect(taskPids(first.workDir)).toEqual(before);
});

test('a store that is damaged or of another service is refused before a word to Mesos', async () => {
  const place = workplace();
  const store = join(place.directory, 'store');
  mkdirSync(store);
  writeFileSync(join(store, 'data.mdb'), 'this was a shopping list, and a long one, before it was a store');
  const damaged = run(place, { master: NOWHERE, port: await freePort() });
  expect((await damaged.ended).code).toBe(1);
  expect(logOf(damaged).at(-1)?.msg).toMatch(/cannot open the store .*store: .*data\.mdb is no lmdb file/);

  const options = { master: NOWHERE, port: await freePort() };
  const elsewhere = ['--store', `file:${place.directory}/other`];
  const first = run(place, options, elsewhere);
  await logs(first, 'scheduler started');
  await first.kill();
  const foreign = run(place, { ...options, definition: helloWorld }, elsewhere);
  expect((await foreign.ended).code).toBe(1);
  expect(logOf(foreign).at(-1)?.msg).toContain('belongs to the service "data-store", not to "hello-world"');
});

test('what is no address of a master is refused at once', async () => {
  const place = workplace();
  for (const master of ['nonsense', 'ftp://127.0.0.1:5050']) {
    const scheduler = run(place, { master, port: await freePort() });
    expect((await scheduler.ended).code).toBe(1);
    expect(logOf(scheduler).at(-1)?.msg).toContain(`"${master}" is no address of a Mesos master: give --master as`);
  }
});

test('a master that is not there yet: the API is up and says so, and the service deploys once the cluster starts', async () => {
  const place = workplace();
  const [port, masterPort] = [await freePort(), await freePort()];
  const scheduler = run(place, { master: `http://127.0.0.1:${masterPort}`, port });
  await eventually(async () => expect((await get(port, 'v1/health')).status).toBe(318));
  await logs(scheduler, 'not connected to the master');
  const { workDir } = await startCluster(place, masterPort);
  await deployed(port);
  expect(Object.keys(taskPids(workDir))).toEqual(dataStoreTasks);
  expect((await get(port, 'v1/health')).status).toBe(200);
});
