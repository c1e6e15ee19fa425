/**
 * What a write may look like. Promises that every store takes the same paths and the same bytes, whatever its own limits are.
 * Never changes a path: two spellings are two nodes.
 */
import type { NodeWrite } from './tree.ts';

/** In UTF-8. lmdb's keys end at 1978 bytes, and a key is the path with up to two more bytes (`file.ts`). */
export const MAX_PATH_BYTES = 1976;

/** Of one node. A ZooKeeper server takes requests of 1 MiB (`jute.maxbuffer`); upstream's limit leaves room for the rest of one. */
export const MAX_NODE_BYTES = 1_000_000;

/** The child of the root that is the store's own: where ZooKeeper keeps the lock (scheduler-behaviour 7.1). */
export const LOCK = 'lock';

/**
 * Throws unless names are not empty, made of characters that ZooKeeper takes, and not too long together. `''`, the root, is a
 * path.
 */
export function checkPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_PATH_BYTES) {
    throw new Error(`store path of ${bytes} bytes, at most ${MAX_PATH_BYTES} are allowed: ${path.slice(0, 60)}...`);
  }
  if (path === '') return;
  const names = path.split('/');
  if (names.includes('')) throw new Error(`store path with an empty name: ${path}`);
  if (names.includes('.') || names.includes('..')) throw new Error(`store path with a name of dots: ${path}`);
  if (names[0] === LOCK) throw new Error(`store path below "${LOCK}", which is kept for the lock: ${path}`);
  if (NOT_IN_ZOOKEEPER.test(path)) throw new Error(`store path with a character that names cannot have: ${path}`);
}

/** What ZooKeeper's `PathUtils.validatePath` refuses; it looks at UTF-16, and so at all beyond the first plane as surrogates. */
const NOT_IN_ZOOKEEPER = /[\p{Cc}\ud800-\uf8ff\ufff0-\uffff\u{10000}-\u{10ffff}]/u;

/** Throws when no tree could apply the write: its path is not one, its bytes are too many, or it would give the root some. */
export function checkWrite(write: NodeWrite): void {
  checkPath(write.path);
  if (write.kind === 'delete') return;
  if (write.path === '') throw new Error('the root of the store holds no bytes of its own');
  const { length } = write.data;
  if (length > MAX_NODE_BYTES) {
    throw new Error(`${write.path} has ${length} bytes, and a node of the store holds at most ${MAX_NODE_BYTES}`);
  }
}

/** The nodes above `path`, topmost first, without the root: `a/b/c` gives `a`, `a/b`. */
export function ancestorsOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, depth) => names.slice(0, depth + 1).join('/'));
}
