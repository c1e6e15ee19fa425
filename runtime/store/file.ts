/**
 * The tree in one directory, over lmdb. Promises that a commit is one transaction which compares the lock's epoch first and is
 * on disk when it resolves. Never waits for a lock: an opener gets it at once or fails.
 *
 * A node's key is its parent's path, `//` and its name: `Tasks/a/TaskInfo` is stored as `Tasks/a//TaskInfo`. As names hold no
 * `/`, the children of a node are one range of keys, and so is all that is below it.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { type Clock, systemClock } from '../kit/clock.ts';
import { makeDirectory } from '../kit/directory.ts';
import { claim, release } from './lock.ts';
import { ancestorsOf, checkPath, checkWrite } from './path.ts';
import { LockLost, type NodeWrite, type Tree } from './tree.ts';

type Nodes = Database<Uint8Array, Uint8Array>;

/**
 * Opens the store in `dir`, made when absent, and takes its lock. Rejects with `LockHeld` while another live process, or
 * another tree of this one, has it.
 */
export async function openFileTree(dir: string, now: Clock = systemClock): Promise<Tree> {
  const root = openDirectory(dir);
  const nodes: Nodes = root.openDB({ name: 'nodes', keyEncoding: 'binary', encoding: 'binary' });
  const lock = root.openDB<number, string>({ name: 'lock', encoding: 'json' });
  const epochNow = () => lock.get('epoch') ?? 0;

  let epoch: number;
  try {
    epoch = root.transactionSync(() => {
      claim(dir, now);
      const next = epochNow() + 1;
      lock.putSync('epoch', next);
      return next;
    });
  } catch (error) {
    await root.close();
    throw error;
  }

  let closed = false;
  return {
    async get(path) {
      checkPath(path);
      if (path === '') return new Uint8Array();
      const bytes = nodes.get(keyOf(path));
      return bytes && new Uint8Array(bytes);
    },
    async list(path) {
      checkPath(path);
      const prefix = `${path}//`;
      return keysIn(nodes, { start: bytesOf(prefix), end: bytesOf(`${path}/0`) })
        .map((key) => key.slice(prefix.length))
        .sort();
    },
    // A synchronous transaction: it rolls back when the function throws, and reports a full disk as itself. (Asynchronous ones
    // with a function were seen to hang with lmdb 3.5.6 on Node 20.) The scheduler waits for its commits anyway.
    async commit(writes) {
      for (const write of writes) checkWrite(write);
      root.transactionSync(() => {
        if (epochNow() !== epoch) throw new LockLost(`another scheduler took the store ${dir}`);
        for (const write of writes) apply(nodes, write);
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      root.transactionSync(() => {
        if (epochNow() === epoch) release(dir);
      });
      await root.close();
    },
  };
}

function openDirectory(dir: string): RootDatabase {
  try {
    makeDirectory(dir);
    checkMagic(join(dir, 'data.mdb'));
    // noSubdir: else lmdb takes a directory with a dot in its name for a file. Without overlapping syncs a transaction is
    // flushed before it returns.
    return open({ path: dir, noSubdir: false, overlappingSync: false });
  } catch (error) {
    throw new Error(`cannot open the store ${dir}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** lmdb kills the process with SIGSEGV on a file that is not its own. MDB_MAGIC is at byte 24 of one that is (`mdb.c`). */
function checkMagic(file: string): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r');
  try {
    const head = new Uint32Array(7);
    const length = readSync(descriptor, head);
    // Empty: an opener was killed before it wrote anything.
    if (length > 0 && head[6] !== 0xbeefc0de) throw new Error(`${file} is no lmdb file; move it away`);
  } finally {
    closeSync(descriptor);
  }
}

function apply(nodes: Nodes, write: NodeWrite): void {
  if (write.kind === 'put') {
    for (const parent of ancestorsOf(write.path)) {
      if (!nodes.doesExist(keyOf(parent))) nodes.putSync(keyOf(parent), new Uint8Array());
    }
    nodes.putSync(keyOf(write.path), write.data);
    return;
  }
  const { path } = write;
  const below = path === '' ? {} : { start: bytesOf(`${path}/`), end: bytesOf(`${path}0`) };
  for (const key of keysIn(nodes, below)) nodes.removeSync(bytesOf(key));
  if (path !== '') nodes.removeSync(keyOf(path));
}

/** A range ends before `end`; `0` is the character after `/`, so `x0` ends all that starts with `x/`. */
function keysIn(nodes: Nodes, range: { start?: Uint8Array; end?: Uint8Array }): string[] {
  return Array.from(nodes.getKeys(range), (key) => Buffer.from(key).toString());
}

function keyOf(path: string): Uint8Array {
  const cut = path.lastIndexOf('/');
  return bytesOf(cut < 0 ? `//${path}` : `${path.slice(0, cut)}/${path.slice(cut)}`);
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}
