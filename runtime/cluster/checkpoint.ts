/**
 * One JSON value in one file that is never half-written: replaced as a whole, and durable when told so. It never merges or repairs:
 * what it cannot read is an error.
 */
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The value last written, or undefined when there is none. Rejects when the file is not ours to read or no JSON. */
export async function readCheckpoint<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`cannot read ${path}: ${(error as Error).message}`);
  }
}

/** Resolves once the value survives a power cut. Calls for one file must not overlap. */
export async function writeCheckpoint(path: string, value: unknown): Promise<void> {
  const next = `${path}.next`;
  await synced(next, 'w', JSON.stringify(value));
  await rename(next, path);
  await synced(dirname(path), 'r');
}

async function synced(path: string, flags: string, text?: string): Promise<void> {
  const file = await open(path, flags);
  try {
    if (text !== undefined) await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
