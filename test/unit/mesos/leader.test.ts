/** The leading master found through a real ZooKeeper, and followed when it changes (trace 17c). */
import zookeeper, { type Client, type Exception } from 'node-zookeeper-client';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { parseMasters } from '../../../runtime/mesos/address.ts';
import type { ElectionAddress } from '../../../runtime/mesos/election.ts';
import { electedMaster } from '../../../runtime/mesos/leader.ts';
import { openSession } from '../../../runtime/store/zookeeper/session.ts';
import { startZooKeeper, type ZooKeeperServer } from '../../support/zookeeper.ts';
import { master, subscribed, subscribeTo } from './loopback.ts';

let server: ZooKeeperServer;
beforeAll(async () => {
  server = await startZooKeeper();
});
afterAll(() => server.dispose());

/** Every test has an election of its own, below a node of its own. */
let path = '';
let tests = 0;
beforeEach(() => {
  tests += 1;
  path = `/mesos-${tests}`;
});

/** A session with ZooKeeper that ends with the test, as that of a master which dies. */
async function session(): Promise<Client> {
  const client = zookeeper.createClient(server.address, { sessionTimeout: 2000 });
  onTestFinished(() => client.close());
  client.connect();
  await new Promise<void>((connected) => client.once('connected', () => connected()));
  return client;
}

const done = <T>(act: (callback: (error: Error | Exception | null, result?: T) => void) => void) =>
  new Promise<T>((resolve, reject) => act((error, result) => (error ? reject(error) : resolve(result as T))));

const info = (url: string, more = {}) => {
  const { hostname, port } = new URL(url);
  return JSON.stringify({ address: { hostname, ip: hostname, port: Number(port), ...more }, id: 'M', pid: 'master@x' });
};

/** A master enters the election; resolves to its node. */
async function enter(client: Client, url: string, text = info(url)): Promise<string> {
  await done((callback) => client.mkdirp(path, callback));
  const mode = zookeeper.CreateMode.EPHEMERAL_SEQUENTIAL;
  return done((callback) => client.create(`${path}/json.info_`, Buffer.from(text), mode, callback));
}

const leave = (client: Client, node: string) => done((callback) => client.remove(node, callback));

function elected(patienceMs?: number, secure = false) {
  const address = parseMasters(`zk://${server.address}${path}`, secure) as ElectionAddress;
  const masters = electedMaster(address, openSession, patienceMs);
  onTestFinished(() => masters.close());
  return masters;
}

const never = new AbortController().signal;

test('the lowest number leads; what else lies beside it does not count', async () => {
  const client = await session();
  await enter(client, 'http://10.0.0.1:5050');
  await enter(client, 'http://10.0.0.2:5050');
  for (const other of ['log_replicas', 'info_0000000000', 'json.info_']) {
    await done((callback) => client.create(`${path}/${other}`, callback));
  }
  expect((await elected().find(never)).origin).toBe('http://10.0.0.1:5050');
});

test('a subscription follows the leader when it changes, and says so', async () => {
  const client = await session();
  const [first, second] = await Promise.all([master(() => {}), master(() => {})]);
  const node = await enter(client, first);
  await enter(client, second);
  const masters = elected();
  const subscriber = subscribeTo('', { masters });
  expect(await subscriber.next()).toEqual({ kind: 'opened' });
  expect(await subscriber.next()).toEqual({ kind: 'event', event: subscribed });
  await leave(client, node);
  expect(await subscriber.closed).toBe(`the leading master is now ${second}`);
  const next = subscribeTo('', { masters });
  expect(await next.next()).toEqual({ kind: 'opened' });
  expect((await masters.find(never)).origin).toBe(second);
});

test('the session of a dead master ends, and the next one leads', async () => {
  const [dying, client] = [await session(), await session()];
  await enter(dying, 'http://10.0.0.1:5050');
  await enter(client, 'http://10.0.0.2:5050');
  const masters = elected();
  const { deposed } = await masters.find(never);
  dying.close();
  await expect.poll(() => deposed?.aborted).toBe(true);
  expect((await masters.find(never)).origin).toBe('http://10.0.0.2:5050');
});

test('a master that joins later changes nothing', async () => {
  const client = await session();
  await enter(client, 'http://10.0.0.1:5050');
  const masters = elected();
  const { deposed } = await masters.find(never);
  await enter(client, 'http://10.0.0.2:5050');
  expect((await masters.find(never)).origin).toBe('http://10.0.0.1:5050');
  expect(deposed?.aborted).toBe(false);
});

test('while nobody leads one waits for the election; when the last master leaves, its subscribers are told', async () => {
  const client = await session();
  await done((callback) => client.mkdirp(path, callback));
  const masters = elected();
  const found = masters.find(never);
  const node = await enter(client, 'http://10.0.0.1:5050');
  const { origin, deposed } = await found;
  expect(origin).toBe('http://10.0.0.1:5050');
  await leave(client, node);
  await expect.poll(() => deposed?.reason).toBe(`no master leads at zk://${server.address}${path}`);
});

test.each([
  [
    'nobody leads for too long',
    async (client: Client) => void (await done((ok) => client.mkdirp(path, ok))),
    'no master leads at zk://',
  ],
  ['nobody ever made the node', async () => {}, 'no master ever ran there'],
  [
    'the leader is no JSON',
    async (client: Client) => void (await enter(client, '', '<html>')),
    'does not say where the leading master is',
  ],
  [
    'the leader has no address',
    async (client: Client) => void (await enter(client, '', '{}')),
    'does not say where the leading master is',
  ],
])('why no master is known is told: %s', async (_, prepare, reason) => {
  await prepare(await session());
  await expect(elected(300).find(never)).rejects.toThrow(reason);
});

test.each([
  ['by its IP', { hostname: 'm1.mesos', ip: '10.0.0.1', port: 5050 }, false, 'http://10.0.0.1:5050'],
  [
    'by its name where a certificate is to match',
    { hostname: 'm1.mesos', ip: '10.0.0.1', port: 5050 },
    true,
    'https://m1.mesos:5050',
  ],
  ['by its name when that is all', { hostname: 'm1.mesos', ip: undefined, port: 5050 }, false, 'http://m1.mesos:5050'],
  ['by an IPv6 address', { hostname: 'm1.mesos', ip: 'fd00::1', port: 5050 }, false, 'http://[fd00::1]:5050'],
])('the leader is reached %s', async (_, address, secure, origin) => {
  const client = await session();
  await enter(client, 'http://x', info('http://x', address));
  expect((await elected(undefined, secure).find(never)).origin).toBe(origin);
});

test('an election that not everybody may read is read with user and password', async () => {
  const ownerOnly = new zookeeper.ACL(zookeeper.Permission.ALL, new zookeeper.Id('auth', ''));
  const client = await session();
  client.addAuthInfo('digest', Buffer.from('me:secret'));
  await done((callback) => client.mkdirp(path, [ownerOnly], callback));
  await enter(client, 'http://10.0.0.1:5050');
  const as = (who: string) => {
    const address = parseMasters(`zk://${who}${server.address}${path}`, false) as ElectionAddress;
    const masters = electedMaster(address, openSession);
    onTestFinished(() => masters.close());
    return masters.find(never);
  };
  expect((await as('me:secret@')).origin).toBe('http://10.0.0.1:5050');
  for (const who of ['', 'me:wrong@']) await expect(as(who)).rejects.toThrow(`does not let us read ${path}`);
});

test('whoever waits for a leader may give up', async () => {
  const end = new AbortController();
  await done(async (callback) => (await session()).mkdirp(path, callback));
  const found = elected().find(end.signal);
  end.abort();
  await expect(found).rejects.toThrow('closed by the scheduler');
});

test('a ZooKeeper that is silent ends no subscription, and its return shows who leads now', async () => {
  const node = await enter(await session(), 'http://10.0.0.1:5050');
  const masters = elected(300);
  const { deposed } = await masters.find(never);
  onTestFinished(() => server.resume());
  server.pause();
  // It may answer once more before it stops.
  const asked = () =>
    masters.find(never).then(
      ({ origin }) => origin,
      (error: Error) => error.message,
    );
  await expect.poll(asked, { timeout: 5000 }).toBe(`ZooKeeper at ${server.address} does not answer`);
  expect(deposed?.aborted, 'nobody knows better').toBe(false);
  server.resume();
  await server.serving();
  const client = await session();
  await done((callback) => client.remove(node, (error) => callback(null, error)));
  await enter(client, 'http://10.0.0.2:5050');
  await expect.poll(async () => (await elected().find(never)).origin).toBe('http://10.0.0.2:5050');
  await expect.poll(() => deposed?.aborted, { timeout: 10_000 }).toBe(true);
});

test('a ZooKeeper that died and came back is found again, by itself', async () => {
  const dying = await session();
  await enter(dying, 'http://10.0.0.1:5050');
  const masters = elected(10_000);
  const { deposed } = await masters.find(never);
  await server.kill();
  server.start();
  await server.serving();
  dying.close();
  await enter(await session(), 'http://10.0.0.2:5050');
  await expect.poll(() => deposed?.aborted, { timeout: 20_000 }).toBe(true);
  expect((await masters.find(never)).origin).toBe('http://10.0.0.2:5050');
});
