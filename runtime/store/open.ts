/** Opens the store that a URL names, with its lock taken. Never guesses: a scheme it does not know is an error that says what there is. */
import { openFileTree } from './file.ts';
import { openMemoryTree } from './memory.ts';
import type { Tree } from './tree.ts';

const SUPPORTED = 'use file:DIR (a directory, kept over restarts) or memory: (forgotten when the process ends)';

/** `memory:` or `file:DIR`, DIR relative to the current directory. Rejects with `LockHeld` when another scheduler has it. */
export async function openStore(url: string): Promise<Tree> {
  const [, scheme, rest] = /^([a-z]+:)(.*)$/s.exec(url) ?? [];
  if (scheme === 'memory:' && rest === '') return openMemoryTree();
  if (scheme === 'file:' && rest) return openFileTree(rest);
  // The rest of a zk:// URL may hold a password.
  if (scheme === 'zk:') throw new Error(`a store at zk:// is not supported by this version; ${SUPPORTED}`);
  throw new Error(`no store is called "${url}"; ${SUPPORTED}`);
}
