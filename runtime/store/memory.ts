/**
 * The tree in memory, for tests and the simulator. Promises what every tree promises but survival of the process: whoever
 * keeps the data can crash and reopen it. Never waits, and uses no time and no chance.
 */
import { ancestorsOf, checkPath, checkWrite } from './path.ts';
import { LockLost, type NodeWrite, type Tree } from './tree.ts';

/** What a disk would hold. Every opener of the same data raises the epoch, and so fences out those before it. */
export interface MemoryData {
  readonly nodes: Map<string, Uint8Array>;
  epoch: number;
}

/** Opens `data` (new and empty when absent) and takes its lock at once: an older tree on it can no longer commit. */
export function openMemoryTree(
  data: MemoryData = { nodes: new Map(), epoch: 0 },
): Tree & { readonly data: MemoryData } {
  const { nodes } = data;
  data.epoch += 1;
  const epoch = data.epoch;
  /** Paths that have, or had, something below them: all others go alone. */
  const parents = new Set([...nodes.keys()].flatMap(ancestorsOf));
  let closed = false;

  function checkOpen(): void {
    if (closed) throw new Error('the store is closed');
  }

  return {
    data,
    async get(path) {
      checkOpen();
      checkPath(path);
      const bytes = path === '' ? new Uint8Array() : nodes.get(path);
      return bytes && new Uint8Array(bytes);
    },
    async list(path) {
      checkOpen();
      checkPath(path);
      return childrenOf(nodes, path).sort();
    },
    async commit(writes) {
      checkOpen();
      if (data.epoch !== epoch) throw new LockLost('another opener took the store in memory');
      // Nothing below can fail: the check is what makes the loop atomic.
      for (const write of writes) checkWrite(write);
      for (const write of writes) apply(nodes, parents, write);
    },
    async close() {
      closed = true;
    },
  };
}

function childrenOf(nodes: ReadonlyMap<string, Uint8Array>, path: string): string[] {
  const prefix = path === '' ? '' : `${path}/`;
  return [...nodes.keys()]
    .filter((key) => key.startsWith(prefix) && !key.includes('/', prefix.length))
    .map((key) => key.slice(prefix.length));
}

function apply(nodes: Map<string, Uint8Array>, parents: Set<string>, write: NodeWrite): void {
  if (write.kind === 'put') {
    // Above a node that is there, all are.
    for (const parent of nodes.has(write.path) ? [] : ancestorsOf(write.path)) {
      parents.add(parent);
      if (!nodes.has(parent)) nodes.set(parent, new Uint8Array());
    }
    nodes.set(write.path, new Uint8Array(write.data));
    return;
  }
  nodes.delete(write.path);
  if (write.path !== '' && !parents.has(write.path)) return;
  const below = write.path === '' ? '' : `${write.path}/`;
  for (const key of [...nodes.keys()]) if (key.startsWith(below)) nodes.delete(key);
}
