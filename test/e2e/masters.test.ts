/** `mainstay run` as in production: its master elected in ZooKeeper and followed, or behind TLS and asking for credentials. */
import { writeFileSync } from 'node:fs';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import zookeeper, { type Client, type Exception } from 'node-zookeeper-client';
import { expect, onTestFinished, test } from 'vitest';
import { authority } from '../support/certificates.ts';
import { startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { deployed, helloWorld, logOf, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';
import { startZooKeeper } from '../support/zookeeper.ts';
import { serve } from '../unit/mesos/loopback.ts';

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

test('deploys over TLS on a master that wants a secret; without the secret it says so and goes on trying', async () => {
  const place = workplace();
  const trusted = authority();
  const secretFile = join(place.directory, 'secret');
  writeFileSync(secretFile, 'hush-hush\n');
  const right = `Basic ${Buffer.from('hello-world-principal:hush-hush').toString('base64')}`;
  const cluster = await startCluster(place);
  /** In front of the cluster's master, as its own TLS and authentication would be. */
  const gate = createServer(trusted.server('IP:127.0.0.1'), (request, response) => {
    if (request.headers.authorization !== right) return response.writeHead(401).end('401 Unauthorized.');
    const { method, url, headers } = request;
    const inner = forward(`${cluster.url}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    inner.on('error', () => response.destroy());
    response.on('close', () => inner.destroy());
    request.pipe(inner);
    return response;
  });
  const master = (await serve(gate, 'https')).replace('https://', '');
  const options = { master, port: await freePort(), definition: helloWorld };
  const tls = ['--mesos-ca', trusted.file];

  const stranger = run(place, options, tls);
  await eventually(() =>
    expect(logOf(stranger).find(({ msg }) => msg === 'not connected to the master')?.['reason']).toContain(
      'refused SUBSCRIBE: 401 Unauthorized.; the master wants other credentials',
    ),
  );
  await stranger.kill();

  const scheduler = run(place, options, [...tls, '--mesos-secret-file', secretFile]);
  await deployed(options.port);
  expect(scheduler.stderr()).not.toContain('hush-hush');
});
