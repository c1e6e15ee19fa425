/**
 * What is read from files and read again when they change. Promises something usable from the first moment on: a change that cannot
 * be used is told, and what was there before stays in force.
 */
import { unwatchFile, watchFile } from 'node:fs';

export interface Watched<T> {
  current(): T;
  close(): void;
}

/** How often files are looked at. A look costs microseconds, and works over links and network disks, where notifications do not. */
const LOOK_MS = 1_000;

/** Throws what `read` throws when already the first reading fails. */
export function watched<T>(
  files: readonly string[],
  read: () => T,
  on: { readonly changed: (value: T) => void; readonly failed: (error: Error) => void },
): Watched<T> {
  let value = read();
  const again = () => {
    try {
      value = read();
      on.changed(value);
    } catch (error) {
      on.failed(error as Error);
    }
  };
  for (const file of files) watchFile(file, { interval: LOOK_MS, persistent: false }, again);
  return {
    current: () => value,
    close: () => {
      for (const file of files) unwatchFile(file, again);
    },
  };
}
