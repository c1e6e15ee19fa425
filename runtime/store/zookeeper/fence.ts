/**
 * The only way to write: multis that begin with a write to our own lease, at the version that we left it at. So each takes effect
 * once at most, also when it is sent again because its answer was lost, and not at all once the lease is gone. Promises one
 * multi at a time, in order; never a second try at anything but a broken connection.
 */
import { Exception, type Stat } from 'node-zookeeper-client';
import { LockLost } from '../tree.ts';
import type { Holder } from './lease.ts';
import type { Operation } from './names.ts';
import { type Access, readNode } from './nodes.ts';
import { codeOf, type Session } from './session.ts';

export interface Fence {
  /**
   * Applies all operations (paths absolute) or none; they must fit one multi (`inMultis`). Rejects with `LockLost` when the lease
   * is gone.
   */
  commit(operations: readonly Operation[]): Promise<void>;
}

/** A server's limit (`jute.maxbuffer`, 1 MiB less one byte) less what surrounds the operations. */
const MAX_MULTI_BYTES = 1_040_000;
/** Lengths, versions and the access list of one operation come to less. */
const OPERATION_BYTES = 70;

/** In their order, as many together as fit one multi. */
export function inMultis(operations: readonly Operation[]): Operation[][] {
  const multis: Operation[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const operation of operations) {
    size += sizeOf(operation);
    if (size > MAX_MULTI_BYTES) {
      multis.push([]);
      size = sizeOf(operation);
    }
    multis.at(-1)!.push(operation);
  }
  return multis;
}

/** In bytes of a multi, and rather too many. */
function sizeOf({ path, ...operation }: Operation): number {
  return OPERATION_BYTES + Buffer.byteLength(path) + ('data' in operation ? operation.data.length : 0);
}

interface Result {
  readonly type: number;
  readonly err?: number;
  readonly stat?: Stat;
}

interface Outcome {
  readonly error: Error | null;
  readonly results: readonly Result[];
}

/** What a failed multi says of the operations before the one that failed. */
const NO_ERROR = 0;

/** Takes the lease for writing. Rejects with `LockLost` when it is gone already. */
export async function raiseFence(session: Session, lease: string, holder: Holder, access: Access): Promise<Fence> {
  const lost = () => new LockLost(`the lock was taken from this scheduler: ${lease} in ZooKeeper is not as we left it`);
  let commits = 0;
  // Tells which of our commits was the last, should the answer to it be lost.
  const mark = () => Buffer.from(JSON.stringify({ ...holder, commits }));

  const first = session.request<Stat>((zk, done) => zk.setData(lease, mark(), done));
  let { version } = await first.catch((error: unknown) => {
    throw codeOf(error) === Exception.NO_NODE ? lost() : error;
  });

  /** Sent again by the session when the connection breaks, with the same version: the server tells whether it has it already. */
  function send(operations: readonly Operation[]): Promise<Outcome> {
    const marked = mark();
    return session.request((zk, done) => {
      const multi = zk.transaction().setData(lease, marked, version);
      for (const operation of operations) {
        if (operation.kind === 'create') multi.create(operation.path, bufferOf(operation.data), [...access]);
        else if (operation.kind === 'set') multi.setData(operation.path, bufferOf(operation.data));
        else multi.remove(operation.path);
      }
      multi.commit((error, results) => {
        const broken = codeOf(error) === Exception.CONNECTION_LOSS;
        // An `Exception` is an `Error`, though its type does not say so.
        done(broken ? error : null, { error: error as Error | null, results: results ?? [] });
      });
    });
  }

  return {
    async commit(operations) {
      commits += 1;
      const { error, results } = await send(operations);
      if (!error) {
        version = results[0]!.stat!.version;
        return;
      }
      const failed = results.findIndex(({ err = NO_ERROR }) => err !== NO_ERROR);
      if (failed > 0) throw refusal(operations[failed - 1]!, error);
      if (failed < 0) throw error;
      const node = await readNode(session, lease);
      if (!node?.data.equals(mark())) throw lost();
      version = node.stat.version;
    },
  };
}

function refusal({ kind, path }: Operation, error: Error): Error {
  if (codeOf(error) === Exception.NO_AUTH) return error;
  const found = error.message.replace(/^Exception: /, '');
  return new Error(`ZooKeeper did not ${kind} ${path} (${found}): somebody else changed the tree under this scheduler`);
}

/** The same bytes, not a copy. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
