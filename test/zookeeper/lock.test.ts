/** One scheduler at a time: the lock in ZooKeeper, as upstream's scheduler takes it (Curator's `InterProcessSemaphoreV2`). */
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LockHeld, LockLost } from '../../runtime/store/tree.ts';
import { eventually } from '../support/eventually.ts';
import { INSTALL_MS, startZooKeeper, type ZooKeeperServer } from '../support/zookeeper.ts';
import { breakLock, withZooKeeper, type Zk } from '../support/zookeeper-client.ts';
import { openTree, put, textAt } from '../support/zookeeper-tree.ts';

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

/** What upstream's scheduler does, as far as ZooKeeper sees it; `ends` is the end of its session. */
async function javaScheduler(node: string, does: (zk: Zk) => Promise<unknown>): Promise<{ ends(): Promise<void> }> {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let session = Promise.resolve();
  await new Promise<void>((ready, failed) => {
    session = withZooKeeper(server, async (zk) => {
      await zk.make(`${node}/lock/locks`);
      await zk.make(`${node}/lock/leases`);
      await does(zk);
      ready();
      await ended;
    });
    session.catch(failed);
  });
  const ends = () => {
    end();
    return session;
  };
  onTestFinished(ends);
  return { ends };
}

const CURATORS_MARK = '_c_6b1f1a0e-3c1d-4d5e-9f00-2f1b7c9d0a11-';
const takeLease = (node: string) => (zk: Zk) =>
  zk.makeEphemeral(`${node}/lock/leases/${CURATORS_MARK}lease-`, '10.0.0.7');
const waitForLease = (node: string) => (zk: Zk) => zk.makeEphemeral(`${node}/lock/locks/${CURATORS_MARK}lock-`);

describe('the lock of a service', () => {
  test('is one lease, named as Curator names it, and nobody is left waiting for it', async () => {
    const at = service();
    await openTree(at);
    await withZooKeeper(server, async (zk) => {
      expect(await zk.children(`${at.node}/lock/leases`)).toEqual([
        expect.stringMatching(/^_c_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-lease-\d{10}$/),
      ]);
      expect(await zk.children(`${at.node}/lock/locks`)).toEqual([]);
    });
  });

  test('is refused while another scheduler has it, saying which, where and since when', async () => {
    const at = service();
    await openTree(at);
    const refusal = await openTree(at).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LockHeld);
    expect((refusal as Error).message).toMatch(
      new RegExp(
        `^the lock ${at.node}/lock is held by process ${process.pid} on host ${hostname()} since \\d{4}-.*Z; stop that scheduler first`,
      ),
    );
  });

  test('is refused while a Java scheduler has it, and taken when that has ended', async () => {
    const at = service();
    const java = await javaScheduler(at.node, takeLease(at.node));
    await expect(openTree(at)).rejects.toThrow('is held by another scheduler (10.0.0.7) since 20');
    const waiting: string[] = [];
    const opening = openTree({ ...at, patienceMs: 20_000, onWait: (held) => waiting.push(held) });
    await eventually(() => expect(waiting).toHaveLength(1));
    await java.ends();
    await (await opening).commit([put('a')]);
    expect(waiting).toEqual([expect.stringContaining('10.0.0.7')]);
  });

  test('goes first to a Java scheduler that waited first', async () => {
    const at = service();
    const java = await javaScheduler(at.node, waitForLease(at.node));
    await expect(openTree(at)).rejects.toThrow(LockHeld);
    await java.ends();
    await openTree(at);
  });

  test('goes to exactly one of five at a time, and to each of them in the end', async () => {
    const at = service();
    const seen: string[] = [];
    let holders = 0;
    const turns = Array.from({ length: 5 }, async () => {
      const tree = await openTree({ ...at, patienceMs: 20_000 });
      holders += 1;
      expect(holders).toBe(1);
      seen.push((await textAt(tree, 'count')) ?? '0');
      await tree.commit([put('count', String(seen.length))]);
      holders -= 1;
      await tree.close();
    });
    await Promise.all(turns);
    expect(seen).toEqual(['0', '1', '2', '3', '4']);
  });

  test('leaves nothing of those that gave up waiting', async () => {
    const at = service();
    const holder = await openTree(at);
    await expect(openTree(at)).rejects.toThrow(LockHeld);
    await withZooKeeper(server, async (zk) => {
      expect(await zk.children(`${at.node}/lock/leases`)).toHaveLength(1);
      expect(await zk.children(`${at.node}/lock/locks`)).toEqual([]);
    });
    await holder.commit([put('a')]);
  });

  test('is given back by close, at once', async () => {
    const at = service();
    await (await openTree(at)).close();
    await openTree(at);
  });
});

describe('a scheduler whose lease an operator deleted', () => {
  test('writes nothing any more, also while nobody else has the lock', async () => {
    const at = service();
    const tree = await openTree(at);
    await tree.commit([put('a', 'before')]);
    await breakLock(server, at.node);
    await expect(tree.commit([put('a', 'after')])).rejects.toThrow(LockLost);
    await expect(tree.commit([])).rejects.toThrow('the lock was taken from this scheduler');
    expect(await textAt(tree, 'a')).toBe('before');
  });
});

test('a node that somebody changes under a scheduler ends it, naming the node', async () => {
  const at = service();
  const tree = await openTree(at);
  await tree.commit([put('Tasks/hello-0-server/TaskInfo')]);
  await withZooKeeper(server, (zk) => zk.remove(`${at.node}/Tasks/hello-0-server/TaskInfo`));
  await expect(tree.commit([put('a'), put('Tasks/hello-0-server/TaskInfo')])).rejects.toThrow(
    `ZooKeeper did not set ${at.node}/Tasks/hello-0-server/TaskInfo (NO_NODE[-101]): somebody else changed the tree`,
  );
  expect(await withZooKeeper(server, (zk) => zk.children(at.node))).not.toContain('a');
});
