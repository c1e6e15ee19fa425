/** ZooKeeper goes away, comes back, or comes back as another: what a scheduler's store does then. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NodeWrite } from '../../runtime/store/tree.ts';
import { INSTALL_MS, startZooKeeper, type ZooKeeperServer } from '../support/zookeeper.ts';
import { withZooKeeper } from '../support/zookeeper-client.ts';
import { openTree, put, textAt } from '../support/zookeeper-tree.ts';

const node = '/dcos-service-outage';
/** Longer than a JVM takes to start on a busy machine. */
const LONG_MS = 20_000;
const SHORT_MS = 2_000;

let server: ZooKeeperServer;
beforeEach(async () => {
  server = await startZooKeeper();
}, INSTALL_MS);
afterEach(() => server.dispose());

const open = (sessionMs: number) => openTree({ servers: server.address, node, sessionMs });

/** What is stored, seen by somebody else. */
const stored = (path: string) => withZooKeeper(server, (zk) => zk.read(`${node}/${path}`));

/** A commit that can take effect once only, as a node that is there cannot be created. */
const once = (count: number): NodeWrite[] => [
  put('left', String(count)),
  put(`once/${count}`),
  put('right', String(count)),
];

describe('a server that is gone', () => {
  test('for shorter than the session: commits wait, and take effect; the lock is kept', async () => {
    const tree = await open(LONG_MS);
    await server.kill();
    const waiting = tree.commit([put('a', 'waited')]);
    server.start();
    await waiting;
    expect(await textAt(tree, 'a')).toBe('waited');
    await expect(openTree({ servers: server.address, node })).rejects.toThrow('is held by process');
  });

  test('for longer than the session: commits fail in time, and nothing is tried any more', async () => {
    const tree = await open(SHORT_MS);
    await server.kill();
    const message = `ZooKeeper at ${server.address} did not answer within 2 s (connect ECONNREFUSED ${server.address})`;
    await expect(tree.commit([put('a')])).rejects.toThrow(message);
    expect(await tree.lost).toMatchObject({ message });
    server.start();
    await server.serving();
    await expect(tree.commit([put('a')])).rejects.toThrow(message);
    await expect(tree.commit([])).rejects.toThrow(message);
  });

  test('is noticed by a scheduler that has nothing to write', async () => {
    const tree = await open(SHORT_MS);
    await server.kill();
    expect(await tree.lost).toMatchObject({ message: expect.stringContaining('did not answer within 2 s') });
  });

  test('from the beginning: opening fails in time', async () => {
    await server.kill();
    await expect(open(SHORT_MS)).rejects.toThrow('did not answer within 2 s');
  });
});

test('a server that was killed again and again keeps every commit that it reported, and none twice or by half', async () => {
  const tree = await open(LONG_MS);
  let count = 0;
  for (let kill = 0; kill < 3; kill++) {
    for (let calm = 0; calm < 5; calm++) await tree.commit(once(++count));
    const underWay = tree.commit(once(++count));
    // In the middle: the server has the request, and may or may not have carried it out.
    await Promise.race([underWay, server.kill()]);
    await server.kill();
    server.start();
    await underWay;
  }
  expect(await stored('left')).toBe(String(count));
  expect(await stored('right')).toBe(String(count));
  expect(await withZooKeeper(server, (zk) => zk.children(`${node}/once`))).toHaveLength(count);
});

test('a server that comes back empty gets nothing from the scheduler that knew it', async () => {
  // Long enough to meet the empty one.
  const tree = await open(2 * SHORT_MS);
  await tree.commit(once(1));
  await server.kill();
  server.empty();
  server.start();
  await server.serving();
  const refused = tree.commit(once(2)).catch((error: unknown) => error);
  await tree.lost;
  expect(await refused).toBeInstanceOf(Error);
  expect(await withZooKeeper(server, (zk) => zk.children('/'))).toEqual(['zookeeper']);
});

test('a server that stood still for longer than the session ends it, and takes nothing that was sent meanwhile', async () => {
  const tree = await open(SHORT_MS);
  await tree.commit([put('a', 'before')]);
  await server.pause();
  await expect(tree.commit([put('a', 'late')])).rejects.toThrow('did not answer within 2 s');
  server.resume();
  const next = await openTree({ servers: server.address, node, patienceMs: 20_000 });
  await next.commit([put('b')]);
  // What was sent before the session ended may have come first: then it was in time.
  expect(await textAt(next, 'a')).toBeOneOf(['before', 'late']);
});
