/**
 * The durable tree that every store is: ZooKeeper, one directory (lmdb), or memory. Promises all-or-nothing commits that are
 * durable when they resolve, and that only the holder of the lock can commit.
 */

/** Paths are relative to the service's root, without a leading slash: `Tasks/data-0-node/TaskInfo`. */
export type NodeWrite =
  /** Creates or overwrites a node, with its parents. */
  | { kind: 'put'; path: string; data: Uint8Array }
  /** Removes a node and everything below it; not an error when absent. The root (`''`) stays, empty. */
  | { kind: 'delete'; path: string };

export interface Tree {
  /** The node's bytes, or undefined when there is no such node. A node made only as a parent has empty bytes. */
  get(path: string): Promise<Uint8Array | undefined>;
  /** Names of the children, sorted; empty when there is no such node. `''` is the root. */
  list(path: string): Promise<string[]>;
  /**
   * Applies all writes in order, or none. Resolves once they survive a power cut. Rejects with `LockLost` when another
   * scheduler took the lock, else with the store's error; after a rejection the process must end (design, rule 2).
   */
  commit(writes: readonly NodeWrite[]): Promise<void>;
  /** Gives the lock back and closes. Never needed for correctness. */
  close(): Promise<void>;
}

/** Another scheduler took the lock while we ran: we may write no more. */
export class LockLost extends Error {
  override name = 'LockLost';
}

/** The lock's holder seems alive, so the store was not opened. The message names the holder and what to do. */
export class LockHeld extends Error {
  override name = 'LockHeld';
}
