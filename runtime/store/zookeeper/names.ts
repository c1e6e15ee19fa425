/**
 * The names in a tree, without their bytes, and what a commit has to do given them. Promises one operation a node, in an order in
 * which ZooKeeper takes them; never asks anybody.
 */
import { ancestorsOf } from '../path.ts';
import type { NodeWrite } from '../tree.ts';

/** Every node with the names of its children; the root (`''`) is always there. */
export type Names = Map<string, Set<string>>;

export type Operation =
  | { kind: 'create'; path: string; data: Uint8Array }
  | { kind: 'set'; path: string; data: Uint8Array }
  | { kind: 'remove'; path: string };

const NOTHING = new Uint8Array();

/** Enters a node below one that is there. */
export function addName(names: Names, path: string): void {
  names.set(path, new Set());
  const [parent, name] = split(path);
  names.get(parent)!.add(name);
}

/** What the writes come to, all together, applied to the names too: creations topmost first, removals deepest first. */
export function applyWrites(names: Names, writes: readonly NodeWrite[]): Operation[] {
  /** Each node that was touched: whether it was there before, and the bytes that it has now. */
  const touched = new Map<string, { existed: boolean; data: Uint8Array }>();

  function touch(path: string, data: Uint8Array): void {
    touched.set(path, { existed: touched.get(path)?.existed ?? names.has(path), data });
    if (!names.has(path)) addName(names, path);
  }

  function remove(path: string): void {
    for (const name of names.get(path) ?? []) remove(path === '' ? name : `${path}/${name}`);
    if (path === '' || !names.has(path)) return;
    touched.set(path, { existed: touched.get(path)?.existed ?? true, data: NOTHING });
    names.delete(path);
    const [parent, name] = split(path);
    names.get(parent)!.delete(name);
  }

  for (const write of writes) {
    if (write.kind === 'delete') {
      remove(write.path);
      continue;
    }
    for (const parent of ancestorsOf(write.path)) if (!names.has(parent)) touch(parent, NOTHING);
    touch(write.path, write.data);
  }

  const operations: Operation[] = [];
  for (const [path, { existed, data }] of touched) {
    if (names.has(path)) operations.push({ kind: existed ? 'set' : 'create', path, data });
    else if (existed) operations.push({ kind: 'remove', path });
  }
  return operations.sort(byOrder);
}

const RANK = { remove: 0, create: 1, set: 2 } as const;

function byOrder(a: Operation, b: Operation): number {
  if (a.kind !== b.kind) return RANK[a.kind] - RANK[b.kind];
  const deeper = depth(a.path) - depth(b.path);
  return a.kind === 'remove' ? -deeper : deeper;
}

function depth(path: string): number {
  return path.split('/').length;
}

/** A path's parent and its own name. */
function split(path: string): [string, string] {
  const cut = path.lastIndexOf('/');
  return [path.slice(0, Math.max(cut, 0)), path.slice(cut + 1)];
}
