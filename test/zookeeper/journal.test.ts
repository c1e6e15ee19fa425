/** Commits larger than one request to ZooKeeper, and schedulers that die in the middle of one. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { NodeWrite } from '../../runtime/store/tree.ts';
import { raiseFence } from '../../runtime/store/zookeeper/fence.ts';
import { type Journal, journalAt } from '../../runtime/store/zookeeper/journal.ts';
import { takeLease } from '../../runtime/store/zookeeper/lease.ts';
import { accessFor } from '../../runtime/store/zookeeper/nodes.ts';
import { openSession } from '../../runtime/store/zookeeper/session.ts';
import { INSTALL_MS, startZooKeeper, type ZooKeeperServer } from '../support/zookeeper.ts';
import { withZooKeeper } from '../support/zookeeper-client.ts';
import { openTree, put, remove, textAt } from '../support/zookeeper-tree.ts';

let server: ZooKeeperServer;
beforeAll(async () => {
  server = await startZooKeeper();
}, INSTALL_MS);
afterAll(() => server.dispose());

let services = 0;
function service(): { servers: string; node: string } {
  services += 1;
  return { servers: server.address, node: `/dcos-service-${services}` };
}

/** A scheduler that gets as far as its journal. */
async function withJournal(at: { servers: string; node: string }, use: (journal: Journal) => Promise<void>) {
  const session = await openSession({ servers: at.servers, timeoutMs: 15_000, onEnd: () => {} });
  onTestFinished(() => session.close());
  const path = `${at.node}/lock`;
  const access = accessFor(undefined);
  const holder = { process: 1, host: 'test', since: 'now' };
  const lease = await takeLease(session, { path, holder, access, patienceMs: 0, onWait: () => {} });
  const fence = await raiseFence(session, lease, holder, access);
  await use(journalAt(session, fence, `${path}/journal`, access));
  await session.close();
}

const LARGE = 'x'.repeat(950_000);
const large = (names: readonly string[]): NodeWrite[] => names.map((name) => put(name, `${name}${LARGE}`));
const journalOf = (node: string) => withZooKeeper(server, (zk) => zk.children(`${node}/lock/journal`));

test('a commit of three megabytes is there, and nothing is left of the way', async () => {
  const at = service();
  const tree = await openTree(at);
  await tree.commit([put('a/old'), put('b')]);
  await tree.commit([remove('a'), ...large(['a/1', 'a/2', 'c']), put('b', 'new')]);
  expect(await tree.list('a')).toEqual(['1', '2']);
  expect(await textAt(tree, 'a/2')).toBe(`a/2${LARGE}`);
  expect(await textAt(tree, 'b')).toBe('new');
  expect(await tree.list('')).toEqual(['a', 'b', 'c']);
  expect(await journalOf(at.node)).toEqual([]);
});

test('a large commit whose scheduler died once it had taken effect is carried out by the next one', async () => {
  const at = service();
  const before = await openTree(at);
  await before.commit([put('a/old'), put('b')]);
  await before.close();
  await withJournal(at, (journal) => journal.write([remove('a'), ...large(['a/1', 'c']), put('d', 'é')]));
  const tree = await openTree(at);
  expect(await tree.list('')).toEqual(['a', 'b', 'c', 'd']);
  expect(await tree.list('a')).toEqual(['1']);
  expect(await textAt(tree, 'c')).toBe(`c${LARGE}`);
  expect(await textAt(tree, 'd')).toBe('é');
  expect(await journalOf(at.node)).toEqual([]);
  await tree.close();
  expect(await (await openTree(at)).list('a')).toEqual(['1']);
});

test('one whose scheduler died before is forgotten', async () => {
  const at = service();
  await withJournal(at, async (journal) => {
    await journal.write([put('gone')]);
  });
  // As if the multi that says how many parts there are had not been.
  await withZooKeeper(server, (zk) => zk.write(`${at.node}/lock/journal`, ''));
  const tree = await openTree(at);
  expect(await tree.list('')).toEqual([]);
  expect(await journalOf(at.node)).toEqual([]);
  await tree.commit(large(['a', 'b']));
  expect(await tree.list('')).toEqual(['a', 'b']);
});

test('what was carried out by half is carried out again', async () => {
  const at = service();
  const before = await openTree(at);
  await before.commit([put('a/b/c'), put('a/d'), put('kept', 'old')]);
  await before.close();
  const writes = [remove('a'), put('a/e/f', '1'), put('kept', 'new'), put('g')];
  await withJournal(at, (journal) => journal.write(writes));
  await withZooKeeper(server, async (zk) => {
    await zk.remove(`${at.node}/a/b/c`);
    await zk.make(`${at.node}/a/e`);
    await zk.write(`${at.node}/kept`, 'new');
  });
  const tree = await openTree(at);
  expect(await tree.list('a')).toEqual(['e']);
  expect(await textAt(tree, 'a/e/f')).toBe('1');
  expect(await textAt(tree, 'a')).toBe('');
  expect(await textAt(tree, 'kept')).toBe('new');
  expect(await tree.list('')).toEqual(['a', 'g', 'kept']);
});
