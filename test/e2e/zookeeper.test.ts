/** A scheduler that keeps its state in ZooKeeper, as processes: killed, ended, started again, and left by ZooKeeper. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mesosTasks, startCluster, taskPids } from '../support/cluster.ts';
import { freePort } from '../support/port.ts';
import { deployed, helloWorld, logOf, logs, plan, planIs, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';
import { INSTALL_MS, startZooKeeper, type ZooKeeperServer } from '../support/zookeeper.ts';
import { withZooKeeper } from '../support/zookeeper-client.ts';

const WAITS = 'waiting for the lock of the store';

let zookeeper: ZooKeeperServer;
beforeAll(async () => {
  zookeeper = await startZooKeeper({ durable: true, longestSessionMs: 4_000 });
}, INSTALL_MS);
afterAll(() => zookeeper.dispose());

test('hello-world is deployed, and untouched by whatever happens to its scheduler and to ZooKeeper', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const store = `zk://ada:secret@${zookeeper.address}`;
  const start = (definition = helloWorld, env = {}) =>
    run(place, { master: cluster.url, port, definition, env }, ['--store', store]);
  const tasks = async () => (await mesosTasks(cluster.url)).tasks.map(({ id, state }) => `${state} ${id}`).sort();

  const first = start();
  await deployed(port);
  const [pids, running] = [taskPids(cluster.workDir), await tasks()];
  expect(Object.keys(pids)).toEqual(['hello-0-server', 'world-0-server', 'world-1-server']);
  expect(logOf(first).map(({ msg }) => msg)).not.toContain(WAITS);
  await withZooKeeper(zookeeper, async (zk) => {
    expect((await zk.children('/dcos-service-hello-world/Tasks')).sort()).toEqual(Object.keys(pids));
  });

  // A killed scheduler keeps the lock until its session ends; the next one waits for that.
  await first.kill();
  const second = start();
  await logs(second, 'subscribed');
  await deployed(port);

  // One that is ended gives it back.
  second.signal('SIGTERM');
  expect((await second.ended).code).toBe(0);
  const broken = join(place.directory, 'svc.yml');
  writeFileSync(broken, 'name: [');
  const third = start(broken, { FRAMEWORK_NAME: 'hello-world' });
  await logs(third, 'subscribed');
  expect(logOf(third).map(({ msg }) => msg)).not.toContain(WAITS);
  await planIs(port, 'deploy', 'ERROR');
  expect((await plan(port, 'deploy')).errors.join()).toContain('svc.yml');

  // One that lost its store ends, and says why.
  await zookeeper.kill();
  const { code, stderr } = await third.ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`ZooKeeper at ${zookeeper.address} did not answer within 4 s`);

  zookeeper.start();
  await zookeeper.serving();
  const last = start();
  await logs(last, 'subscribed');
  await deployed(port);
  expect(last.stderr()).not.toContain('secret');
  expect(await tasks()).toEqual(running);
  expect(taskPids(cluster.workDir)).toEqual(pids);
}, 90_000);
