/** The network between a scheduler and ZooKeeper breaks: what is known about commits then, and who may write. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LockLost, type NodeWrite } from '../../runtime/store/tree.ts';
import { pass, proxyTo, type TcpProxy } from '../support/tcp-proxy.ts';
import { INSTALL_MS, startZooKeeper, type ZooKeeperServer } from '../support/zookeeper.ts';
import { breakLock, endSession, withZooKeeper } from '../support/zookeeper-client.ts';
import { type OpenTree, openTree, put, textAt } from '../support/zookeeper-tree.ts';

const LONG_MS = 20_000;
const SHORT_MS = 2_000;

let server: ZooKeeperServer;
beforeAll(async () => {
  server = await startZooKeeper();
}, INSTALL_MS);
afterAll(() => server.dispose());

let proxy: TcpProxy;
let node: string;
let services = 0;
beforeEach(async () => {
  proxy = await proxyTo(server.port);
  services += 1;
  node = `/dcos-service-${services}`;
});
afterEach(() => proxy.close());

/** A tree whose scheduler reaches ZooKeeper through the proxy. */
const open = (sessionMs: number) => openTree({ servers: proxy.address, node, sessionMs });

/** What is stored, seen past the proxy. */
const stored = (path: string) => withZooKeeper(server, (zk) => zk.read(`${node}/${path}`));

/** A commit that can take effect once only, as a node that is there cannot be created. */
const once = (count: number): NodeWrite[] => [put('count', String(count)), put(`once/${count}`)];

describe('a commit whose answer is lost', () => {
  test.each([
    ['with its connection, before it was sent', 'toServer'],
    ['with its connection, after it took effect', 'toClient'],
  ] as const)('%s, takes effect once', async (_, way) => {
    const tree = await open(LONG_MS);
    await tree.commit(once(1));
    proxy[way] = () => {
      proxy.toServer = proxy.toClient = pass;
      proxy.cut();
      return Buffer.alloc(0);
    };
    await tree.commit(once(2));
    await tree.commit(once(3));
    expect(await stored('count')).toBe('3');
    expect((await withZooKeeper(server, (zk) => zk.children(`${node}/once`))).sort()).toEqual(['1', '2', '3']);
  });

  test('by half, is not mixed up with the next one', async () => {
    const tree = await open(LONG_MS);
    proxy.toClient = (bytes) => {
      proxy.toClient = pass;
      setImmediate(proxy.cut);
      return bytes.subarray(0, bytes.length / 2);
    };
    await tree.commit(once(1));
    expect(await textAt(tree, 'count')).toBe('1');
  });

  test('while somebody took the lock, is not taken for stored', async () => {
    const tree = await open(LONG_MS);
    proxy.toServer = () => {
      proxy.toServer = pass;
      proxy.silence();
      return Buffer.alloc(0);
    };
    const lost = tree.commit([put('a')]);
    lost.catch(() => {});
    await breakLock(server, node);
    proxy.heal();
    proxy.cut();
    await expect(lost).rejects.toThrow(LockLost);
  });
});

test('a server that takes the connection and says nothing is tried again, well within the session', async () => {
  const tree = await open(LONG_MS);
  let connections = 0;
  proxy.toClient = (bytes) => {
    // The first greeting after the break is lost.
    if (++connections > 1) proxy.toClient = pass;
    return connections > 1 ? bytes : Buffer.alloc(0);
  };
  proxy.cut();
  await tree.commit(once(1));
  expect(connections).toBe(2);
  expect(await stored('count')).toBe('1');
});

test('an answer that nobody can read ends the session, and says so', async () => {
  const tree = await open(LONG_MS);
  // The length of a packet, its xid and zxid right, and an error that no version of ZooKeeper has.
  proxy.toClient = (bytes) => {
    bytes.writeInt32BE(-9999, 16);
    return bytes;
  };
  await expect(tree.commit(once(1))).rejects.toThrow(/gave an answer that cannot be read: .*-9999/);
  expect(await tree.lost).toMatchObject({ message: expect.stringContaining('cannot be read') });
});

describe('a partition', () => {
  /** The old scheduler is cut off in the middle of a commit, and another one takes its place. */
  async function takenOver(old: OpenTree): Promise<{ late: Promise<unknown>; next: OpenTree }> {
    proxy.silence();
    const late = old.commit([put('a', 'late')]).catch((error: unknown) => error);
    const next = await openTree({ servers: server.address, node, patienceMs: 20_000 });
    await next.commit([put('a', 'next')]);
    return { late, next };
  }

  test('ends the scheduler behind it in time, and what it had sent comes to nothing', async () => {
    const old = await open(SHORT_MS);
    await old.commit([put('a', 'old')]);
    const { late, next } = await takenOver(old);
    expect(await late).toMatchObject({ message: expect.stringContaining('did not answer within 2 s') });
    expect(await old.lost).toBe(await late);
    proxy.heal();
    await next.commit([put('b')]);
    expect(await textAt(next, 'a')).toBe('next');
  });
});

test('a session that the server ended ends the scheduler: the lock is lost', async () => {
  let welcome: Buffer | undefined;
  proxy.toClient = (bytes) => {
    welcome = bytes;
    proxy.toClient = pass;
    return bytes;
  };
  const tree = await open(LONG_MS);
  // Else it would take its session back from whoever comes to end it.
  proxy.silence();
  await endSession(server, welcome!);
  proxy.heal();
  proxy.cut();
  const message = `the session with ZooKeeper at ${proxy.address} expired, and the lock with it`;
  expect(await tree.lost).toEqual(new LockLost(message));
  await expect(tree.commit([put('a')])).rejects.toThrow(message);
});
