/** `mainstay run` finds its master as in production: through the election in ZooKeeper, and follows it to another leader. */
import zookeeper, { type Client, type Exception } from 'node-zookeeper-client';
import { expect, onTestFinished, test } from 'vitest';
import { startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { deployed, helloWorld, logOf, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';
import { startZooKeeper } from '../support/zookeeper.ts';

const done = <T>(act: (callback: (error: Error | Exception | null, result?: T) => void) => void) =>
  new Promise<T>((resolve, reject) => act((error, result) => (error ? reject(error) : resolve(result as T))));

/** Takes part in the election for a master that does not know of it; resolves to its node. */
async function elect(client: Client, url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const info = JSON.stringify({ address: { hostname, ip: hostname, port: Number(port) } });
  const { EPHEMERAL_SEQUENTIAL } = zookeeper.CreateMode;
  await done((callback) => client.mkdirp('/mesos', callback));
  return done((callback) => client.create('/mesos/json.info_', Buffer.from(info), EPHEMERAL_SEQUENTIAL, callback));
}

test('deploys on the elected master, and subscribes to the next one when that leads', async () => {
  const place = workplace();
  const server = await startZooKeeper();
  onTestFinished(() => server.dispose());
  const client = zookeeper.createClient(server.address);
  onTestFinished(() => client.close());
  client.connect();

  const cluster = await startCluster(place);
  const node = await elect(client, cluster.url);
  const port = await freePort();
  const master = `zk://${server.address}/mesos`;
  const scheduler = run(place, { master, port, definition: helloWorld }, ['--mesos-json']);
  await deployed(port);

  // The same master under another name: what a scheduler sees of a new leader.
  await elect(client, cluster.url.replace('127.0.0.1', 'localhost'));
  await done((callback) => client.remove(node, callback));
  await eventually(() => {
    const log = logOf(scheduler);
    expect(log.filter(({ msg }) => msg === 'subscribed')).toHaveLength(2);
    expect(log.find(({ msg }) => msg === 'not connected to the master')?.['reason']).toMatch(
      /^the leading master is now http:\/\/localhost:\d+$/,
    );
  });
  await deployed(port);
});
