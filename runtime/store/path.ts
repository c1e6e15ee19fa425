/**
 * What a path of the tree may look like. Promises that every store accepts the same paths, whatever its own limits are.
 * Never changes a path: two spellings are two nodes.
 */
import type { NodeWrite } from './tree.ts';

/** In UTF-8. lmdb's keys end at 1978 bytes, and a key is the path with up to two more bytes (`file.ts`). */
export const MAX_PATH_BYTES = 1976;

/** Throws unless names are not empty, well-formed Unicode and not too long together. `''`, the root, is a path. */
export function checkPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_PATH_BYTES) {
    throw new Error(`store path of ${bytes} bytes, at most ${MAX_PATH_BYTES} are allowed: ${path.slice(0, 60)}...`);
  }
  if (path !== '' && path.split('/').includes('')) throw new Error(`store path with an empty name: ${path}`);
  // A lone surrogate has no UTF-8 form: it would be stored as another name.
  if (/\p{Surrogate}/u.test(path)) throw new Error(`store path that is not well-formed Unicode: ${path}`);
}

/** Throws when no tree could apply the write: its path is not one, or it would give the root bytes. */
export function checkWrite(write: NodeWrite): void {
  checkPath(write.path);
  if (write.kind === 'put' && write.path === '') throw new Error('the root of the store holds no bytes of its own');
}

/** The nodes above `path`, topmost first, without the root: `a/b/c` gives `a`, `a/b`. */
export function ancestorsOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, depth) => names.slice(0, depth + 1).join('/'));
}
