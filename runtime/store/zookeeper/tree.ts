/**
 * The tree in ZooKeeper, on upstream's nodes. Promises that a commit is one multi which only the holder of the lock can make, and
 * that nothing waits longer than the session may be silent. Never writes twice what it does not know the outcome of.
 */
import { hostname } from 'node:os';
import { Exception } from 'node-zookeeper-client';
import { systemClock } from '../../kit/clock.ts';
import { checkPath, checkWrite, LOCK } from '../path.ts';
import type { NodeWrite, Tree } from '../tree.ts';
import { inMultis, raiseFence } from './fence.ts';
import { journalAt } from './journal.ts';
import { type Holder, takeLease } from './lease.ts';
import { addName, applyWrites, type Names, type Operation } from './names.ts';
import { type Access, accessFor, childrenOf, readNode } from './nodes.ts';
import { codeOf, openSession, type Session } from './session.ts';

export interface ZooKeeperTree {
  /** `host:port,host:port` */
  readonly servers: string;
  /** The service's node, absolute. */
  readonly node: string;
  /** `user:password`; without, everything is open to everybody. */
  readonly auth?: string;
  /** Asked for: the servers grant one within their limits. It is the deadline of everything, too. */
  readonly sessionMs?: number;
  /** How long to wait for the lock. More than a session, or a scheduler that was killed could not be started again at once. */
  readonly patienceMs?: number;
  /** The lock is held by another; said once, with a sentence that says by whom. */
  readonly onWait?: (held: string) => void;
  /** After the tree was opened: it can neither be read nor written any more, and the process must end. */
  readonly onLost?: (error: Error) => void;
}

const SESSION_MS = 15_000;
/** As upstream: three times ten seconds (scheduler-behaviour 1.1). */
const PATIENCE_MS = 30_000;
/**
 * So many nodes are asked for at once while all are read: enough for a server at the other end of a data centre, and so few that an
 * answer is used before the engine takes its request for something that lasts (with 500 the heap was 30 MB larger ever after).
 */
const AT_ONCE = 64;

/** Rejects with `LockHeld` when another scheduler keeps the lock, else with an error that says what to look at. */
export async function openZooKeeperTree(options: ZooKeeperTree): Promise<Tree> {
  const { servers, auth, sessionMs = SESSION_MS } = options;
  let opened = false;
  const session = await openSession({
    servers,
    ...(auth === undefined ? {} : { auth }),
    timeoutMs: sessionMs,
    onEnd: (error) => {
      if (opened) options.onLost?.(error);
    },
  });
  try {
    const tree = await openTree(session, options);
    opened = true;
    return tree;
  } catch (error) {
    await session.close();
    throw explained(error, options);
  }
}

async function openTree(session: Session, options: ZooKeeperTree): Promise<Tree> {
  const { node, auth, patienceMs = PATIENCE_MS, onWait = () => {} } = options;
  const access: Access = accessFor(auth);
  const lock = `${node}/${LOCK}`;
  const holder: Holder = { process: process.pid, host: hostname(), since: new Date(systemClock()).toISOString() };
  const lease = await takeLease(session, { path: lock, holder, access, patienceMs, onWait });
  const fence = await raiseFence(session, lease, holder, access);
  const journal = journalAt(session, fence, `${lock}/journal`, access);
  const { names, unread } = await readAll(session, node);
  const at = (path: string) => (path === '' ? node : `${node}/${path}`);

  async function carryOut(multis: readonly Operation[][]): Promise<void> {
    for (const operations of multis) {
      if (operations.length > 0) unread.clear();
      await fence.commit(operations.map((operation) => ({ ...operation, path: at(operation.path) })));
    }
  }

  async function store(writes: readonly NodeWrite[]): Promise<void> {
    const multis = inMultis(applyWrites(names, writes));
    if (multis.length <= 1) {
      // An empty commit too finds out whether the lock is still ours.
      await carryOut(multis.length === 0 ? [[]] : multis);
      return;
    }
    await journal.write(writes);
    await carryOut(multis);
    await journal.clear();
  }

  await carryOut(inMultis(applyWrites(names, await journal.read())));
  await journal.clear();

  let last: Promise<void> = Promise.resolve();
  return {
    async get(path) {
      checkPath(path);
      if (path === '') return new Uint8Array();
      if (!names.has(path)) return undefined;
      const bytes = unread.get(path);
      if (bytes) {
        unread.delete(path);
        return bytes;
      }
      const found = await readNode(session, at(path));
      return found && new Uint8Array(found.data);
    },
    async list(path) {
      checkPath(path);
      return [...(names.get(path) ?? [])].sort();
    },
    async commit(writes) {
      for (const write of writes) checkWrite(write);
      last = last.then(() => store(writes));
      try {
        await last;
      } catch (error) {
        throw explained(error, options);
      }
    },
    close: () => session.close(),
  };
}

/** Everything below the node but the lock: one request a node tells its bytes and whether it has children, of whom only some are asked. */
async function readAll(session: Session, node: string): Promise<{ names: Names; unread: Map<string, Uint8Array> }> {
  const names: Names = new Map([['', new Set()]]);
  const unread = new Map<string, Uint8Array>();
  let level = await below('');

  async function below(parent: string): Promise<string[]> {
    const children = await childrenOf(session, parent === '' ? node : `${node}/${parent}`);
    return children.map((name) => (parent === '' ? name : `${parent}/${name}`)).filter((path) => path !== LOCK);
  }

  async function take(path: string): Promise<string[]> {
    const found = await readNode(session, `${node}/${path}`);
    if (!found) return [];
    addName(names, path);
    unread.set(path, new Uint8Array(found.data));
    return found.stat.numChildren > 0 ? await below(path) : [];
  }

  while (level.length > 0) level = (await mapped(level, AT_ONCE, take)).flat();
  return { names, unread };
}

/** What `act` makes of each, in their order; so many at once, and the next as soon as one is done. */
async function mapped<T, R>(items: readonly T[], atOnce: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  async function work(): Promise<void> {
    for (const [at, item] of left) results[at] = await act(item);
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

function explained(error: unknown, { servers, node, auth }: ZooKeeperTree): unknown {
  if (codeOf(error) !== Exception.NO_AUTH) return error;
  const who =
    auth === undefined ? 'without a user and a password' : `to the user ${auth.split(':')[0]} with this password`;
  return new Error(
    `ZooKeeper at ${servers} refuses ${node} ${who}: it was made by another one. Give that one's credentials`,
    {
      cause: error,
    },
  );
}
