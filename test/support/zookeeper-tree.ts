/** A tree in ZooKeeper as a scheduler has it open. Promises that it is closed when its test ends, and that its loss is not missed. */
import { onTestFinished } from 'vitest';
import type { NodeWrite, Tree } from '../../runtime/store/tree.ts';
import { openZooKeeperTree, type ZooKeeperTree } from '../../runtime/store/zookeeper/tree.ts';

export interface OpenTree extends Tree {
  /** Resolves with what ended its session. */
  readonly lost: Promise<Error>;
}

/** Opens a tree as a scheduler does, waiting for no lock unless told to. */
export async function openTree(options: ZooKeeperTree): Promise<OpenTree> {
  let onLost: (error: Error) => void = () => {};
  const lost = new Promise<Error>((resolve) => {
    onLost = resolve;
  });
  const tree = await openZooKeeperTree({ patienceMs: 0, onLost, ...options });
  onTestFinished(() => tree.close());
  return { ...tree, lost };
}

export const put = (path: string, text = path): NodeWrite => ({ kind: 'put', path, data: Buffer.from(text) });
export const remove = (path: string): NodeWrite => ({ kind: 'delete', path });

/** Undefined when there is no such node. */
export async function textAt(tree: Tree, path: string): Promise<string | undefined> {
  const bytes = await tree.get(path);
  return bytes && Buffer.from(bytes).toString();
}
