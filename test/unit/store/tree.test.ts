import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openFileTree } from '../../../runtime/store/file.ts';
import { type MemoryData, openMemoryTree } from '../../../runtime/store/memory.ts';
import { MAX_NODE_BYTES, MAX_PATH_BYTES } from '../../../runtime/store/path.ts';
import { LockLost, type NodeWrite, type Tree } from '../../../runtime/store/tree.ts';
import { openZooKeeperTree } from '../../../runtime/store/zookeeper/tree.ts';
import { INSTALL_MS, startZooKeeper, type ZooKeeperServer } from '../../support/zookeeper.ts';
import { breakLock } from '../../support/zookeeper-client.ts';

// A dot in the name: lmdb would take such a path for a file.
const base = mkdtempSync(join(tmpdir(), 'store.tree-'));
let zookeeper: ZooKeeperServer;
beforeAll(async () => {
  zookeeper = await startZooKeeper();
}, INSTALL_MS);
afterAll(async () => {
  await zookeeper.dispose();
  rmSync(base, { recursive: true });
});

const open: Tree[] = [];
afterEach(() => Promise.all(open.splice(0).map((tree) => tree.close())));
let stores = 0;

/** A new store, and how to open it again after this process "crashed" without closing it. */
interface Place {
  open(): Promise<Tree>;
  reopenAfterCrash(): Promise<Tree>;
}

function inMemory(): Place {
  const data: MemoryData = { nodes: new Map(), epoch: 0 };
  const open = async () => openMemoryTree(data);
  return { open, reopenAfterCrash: open };
}

function inDirectory(): Place {
  stores += 1;
  const dir = join(base, String(stores));
  return {
    open: () => openFileTree(dir),
    // The file says that this very process holds the store; an operator who knows better deletes it.
    reopenAfterCrash: () => {
      rmSync(join(dir, 'holder.json'));
      return openFileTree(dir);
    },
  };
}

function inZooKeeper(): Place {
  stores += 1;
  const node = `/trees/${stores}`;
  const openHere = async () => {
    const tree = await openZooKeeperTree({ servers: zookeeper.address, node });
    open.push(tree);
    return tree;
  };
  return {
    open: openHere,
    // ZooKeeper waits for the session to end; an operator who knows better deletes the lease.
    reopenAfterCrash: async () => {
      await breakLock(zookeeper, node);
      return openHere();
    },
  };
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const put = (path: string, value = path): NodeWrite => ({ kind: 'put', path, data: text(value) });
const remove = (path: string): NodeWrite => ({ kind: 'delete', path });
const tooLong = put(`Tasks/${'x'.repeat(MAX_PATH_BYTES)}`);

async function contentOf(tree: Tree, path = ''): Promise<[string, Uint8Array | undefined][]> {
  const content: [string, Uint8Array | undefined][] = [];
  for (const name of await tree.list(path)) {
    const child = path === '' ? name : `${path}/${name}`;
    content.push([child, await tree.get(child)], ...(await contentOf(tree, child)));
  }
  return content;
}

const pathsOf = async (tree: Tree) => (await contentOf(tree)).map(([path]) => path);

describe.each([
  ['memory', inMemory],
  ['file', inDirectory],
  ['ZooKeeper', inZooKeeper],
])('a tree in %s', (_, place) => {
  test('starts empty, with a root', async () => {
    const tree = await place().open();
    expect(await tree.list('')).toEqual([]);
    expect(await tree.get('')).toEqual(new Uint8Array());
    expect(await tree.get('Tasks')).toBeUndefined();
    expect(await tree.list('Tasks')).toEqual([]);
  });

  test('puts a node with its parents, which are empty', async () => {
    const tree = await place().open();
    await tree.commit([put('Tasks/data-0/TaskInfo', 'info')]);
    expect(await contentOf(tree)).toEqual([
      ['Tasks', new Uint8Array()],
      ['Tasks/data-0', new Uint8Array()],
      ['Tasks/data-0/TaskInfo', text('info')],
    ]);
  });

  test('keeps the bytes of a parent that is there', async () => {
    const tree = await place().open();
    await tree.commit([put('a', 'mine')]);
    await tree.commit([put('a/b', 'child')]);
    expect(await tree.get('a')).toEqual(text('mine'));
  });

  test('overwrites, the last write of a commit winning', async () => {
    const tree = await place().open();
    await tree.commit([put('a', 'first')]);
    await tree.commit([put('a', 'second'), remove('a'), put('a', 'third')]);
    expect(await tree.get('a')).toEqual(text('third'));
  });

  test('deletes a node with all below it, and no namesake', async () => {
    const tree = await place().open();
    const kept = ['a', 'a-b', 'a-b/x', 'a.b', 'a0', 'a0/x', 'ab', 'ab/x'];
    await tree.commit([...kept, 'a/b', 'a/b/c', 'a/b/c/d', 'a/b-'].map((path) => put(path)));
    await tree.commit([remove('a/b')]);
    expect((await pathsOf(tree)).sort()).toEqual([...kept, 'a/b-'].sort());
    await tree.commit([remove('a')]);
    expect((await pathsOf(tree)).sort()).toEqual(kept.slice(1).sort());
  });

  test('deletes what is not there without complaint', async () => {
    const tree = await place().open();
    await tree.commit([remove('nothing/here'), put('a')]);
    expect(await pathsOf(tree)).toEqual(['a']);
  });

  test('deletes everything with the root, and goes on', async () => {
    const tree = await place().open();
    await tree.commit([put('a/b'), put(' '), put('\uffee')]);
    await tree.commit([remove(''), put('c')]);
    expect(await pathsOf(tree)).toEqual(['c']);
  });

  test('lists only children, sorted as JavaScript sorts', async () => {
    const tree = await place().open();
    const names = ['b', 'a', 'B', 'a-1', 'a b', 'é', '\uffee', ' ', '...', '0', 'data-10', 'data-2'];
    await tree.commit(names.flatMap((name) => [put(`all/${name}/deep/deeper`)]));
    expect(await tree.list('all')).toEqual([...names].sort());
    expect(await tree.list('')).toEqual(['all']);
  });

  test('commits nothing when a write in the middle cannot be stored', async () => {
    const tree = await place().open();
    await tree.commit([put('a', 'old'), put('b')]);
    await expect(tree.commit([put('a', 'new'), remove('b'), tooLong, put('c')])).rejects.toThrow('at most 1976');
    expect(await contentOf(tree)).toEqual([
      ['a', text('old')],
      ['b', text('b')],
    ]);
    await tree.commit([put('d')]);
    expect(await pathsOf(tree)).toEqual(['a', 'b', 'd']);
  });

  test('takes paths up to the limit, counted in bytes', async () => {
    const tree = await place().open();
    const longest = `é/${'x'.repeat(MAX_PATH_BYTES - 3)}`;
    await tree.commit([put(longest, 'far')]);
    expect(await tree.get(longest)).toEqual(text('far'));
    expect(await tree.list(longest)).toEqual([]);
    await expect(tree.commit([put(`${longest}x`)])).rejects.toThrow('store path of 1977 bytes, at most 1976');
    await tree.commit([remove(longest)]);
    expect(await tree.list('é')).toEqual([]);
  });

  test.each([
    ['a leading slash', '/a', 'an empty name'],
    ['a trailing slash', 'a/', 'an empty name'],
    ['two slashes', 'a//b', 'an empty name'],
    ['half a character', 'a\ud800', 'character that names cannot have'],
    ['a control character', 'a\u0000/b', 'character that names cannot have'],
    ['a character of more than two bytes in UTF-16', 'a/\u{1f600}', 'character that names cannot have'],
    ['a name that means the node itself', 'a/./b', 'a name of dots'],
    ['a name that means its parent', 'a/..', 'a name of dots'],
    ['the name of the lock', 'lock/leases', 'kept for the lock'],
  ])('refuses a path with %s', async (_, path, reason) => {
    const tree = await place().open();
    await expect(tree.commit([put(path)])).rejects.toThrow(reason);
    await expect(tree.get(path)).rejects.toThrow(reason);
    await expect(tree.list(path)).rejects.toThrow(reason);
  });

  test('refuses bytes for the root', async () => {
    const tree = await place().open();
    await expect(tree.commit([put('')])).rejects.toThrow('root');
  });

  test('commits nothing at all', async () => {
    const tree = await place().open();
    await tree.commit([]);
    expect(await tree.list('')).toEqual([]);
  });

  test('keeps any bytes: none, every value, as many as a node may have, a view into a larger buffer', async () => {
    const tree = await place().open();
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const large = Uint8Array.from({ length: MAX_NODE_BYTES }, (_, at) => at % 251);
    const values = { none: new Uint8Array(), every, large, view: every.subarray(7, 11) };
    await tree.commit(Object.entries(values).map(([path, data]) => ({ kind: 'put', path, data })));
    for (const [path, data] of Object.entries(values)) {
      const stored = await tree.get(path);
      expect(stored?.constructor, path).toBe(Uint8Array);
      expect(Buffer.compare(stored!, data), path).toBe(0);
    }
  });

  test('refuses a node with more bytes than ZooKeeper could keep, and names it', async () => {
    const tree = await place().open();
    const data = new Uint8Array(MAX_NODE_BYTES + 1);
    await expect(tree.commit([put('a'), { kind: 'put', path: 'Configurations/x', data }])).rejects.toThrow(
      'Configurations/x has 1000001 bytes, and a node of the store holds at most 1000000',
    );
    expect(await pathsOf(tree)).toEqual([]);
  });

  test('takes commits of many megabytes, and of ten thousand nodes', async () => {
    const tree = await place().open();
    const names = Array.from({ length: 5000 }, (_, at) => `Tasks/task-${at}`);
    await tree.commit(
      names.map((name) => ({ kind: 'put', path: `${name}/TaskInfo`, data: new Uint8Array(500).fill(7) })),
    );
    expect((await tree.list('Tasks')).length).toBe(5000);
    expect(await tree.get('Tasks/task-4999/TaskInfo')).toEqual(new Uint8Array(500).fill(7));
    await tree.commit([remove('Tasks'), put('gone')]);
    expect(await pathsOf(tree)).toEqual(['gone']);
  });

  test('shares no bytes with its callers', async () => {
    const tree = await place().open();
    const data = text('abc');
    await tree.commit([{ kind: 'put', path: 'a', data }]);
    data.fill(0);
    (await tree.get('a'))?.fill(0);
    expect(await tree.get('a')).toEqual(text('abc'));
  });

  test('applies commits that were not waited for in their order', async () => {
    const tree = await place().open();
    await Promise.all(['1', '2', '3'].map((value) => tree.commit([put('a', value), put(value)])));
    expect(await pathsOf(tree)).toEqual(['1', '2', '3', 'a']);
    expect(await tree.get('a')).toEqual(text('3'));
  });

  test('is the same after it was closed and opened again', async () => {
    const store = place();
    const first = await store.open();
    await first.commit([put('a/b', 'kept')]);
    await first.close();
    await first.close();
    const second = await store.open();
    expect(await second.get('a/b')).toEqual(text('kept'));
    await expect(first.get('a/b')).rejects.toThrow('closed');
    await expect(first.commit([put('a/b')])).rejects.toThrow('closed');
  });

  test('lets only the last opener commit, and closing an older one takes nothing from it', async () => {
    const store = place();
    const old = await store.open();
    await old.commit([put('a', 'old')]);
    const current = await store.reopenAfterCrash();
    await expect(old.commit([put('a', 'late'), put('b')])).rejects.toThrow(LockLost);
    await expect(old.commit([])).rejects.toThrow(LockLost);
    await old.close();
    await current.commit([put('c')]);
    expect(await pathsOf(current)).toEqual(['a', 'c']);
    expect(await current.get('a')).toEqual(text('old'));
  });
});

async function expectAlike([first, ...others]: readonly Tree[]): Promise<void> {
  const wanted = await contentOf(first!);
  for (const tree of others) expect(await contentOf(tree)).toStrictEqual(wanted);
}

test('any history gives the same tree in every store, also after opening it again', async () => {
  const name = fc.constantFrom('a', 'b', 'a-', 'a0', ' ', '...', 'é', '\uffee');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
  const write: fc.Arbitrary<NodeWrite> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('put' as const), path, data: fc.uint8Array({ maxLength: 8 }) }),
    },
    { weight: 2, arbitrary: path.map(remove) },
    { weight: 1, arbitrary: fc.constantFrom(tooLong, put('a//b'), remove('')) },
  );
  const history = fc.array(fc.array(write, { maxLength: 6 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(history, async (commits) => {
      const places = [inMemory(), inDirectory(), inZooKeeper()];
      const trees = await Promise.all(places.map((store) => store.open()));
      for (const writes of commits) {
        const [wanted, ...outcomes] = await Promise.allSettled(trees.map((tree) => tree.commit(writes)));
        for (const outcome of outcomes) expect(outcome).toEqual(wanted);
        await expectAlike(trees);
      }
      await Promise.all(trees.map((tree) => tree.close()));
      const again = await Promise.all(places.map((store) => store.open()));
      await expectAlike(again);
      await Promise.all(again.map((tree) => tree.close()));
    }),
    { numRuns: 60 },
  );
});
