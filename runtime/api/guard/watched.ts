/**
 * What is read from files and read again when they change. Promises something usable from the first moment on: a change that cannot
 * be used is told, and what was there before stays in force.
 */
import { unwatchFile, watchFile } from 'node:fs';
import type { Note } from '../../core/effect.ts';

export interface Watched<T> {
  current(): T;
  onChange(use: (value: T) => void): void;
  close(): void;
}

/** How often files are looked at. A look costs microseconds, and works over links and network disks, where notifications do not. */
const LOOK_MS = 1_000;

/** `what` it is, in the plural, for the log. Throws what `read` throws when already the first reading fails. */
export function watched<T>(
  what: string,
  files: readonly string[],
  read: () => T,
  note: (note: Note) => void,
): Watched<T> {
  let value = read();
  const users: ((value: T) => void)[] = [];
  const again = () => {
    try {
      value = read();
    } catch (error) {
      const keys = { error: (error as Error).message };
      note({ level: 'error', message: `new ${what} cannot be used, the old ones stay in force`, keys });
      return;
    }
    for (const use of users) use(value);
    note({ level: 'info', message: `new ${what} are in force`, keys: {} });
  };
  for (const file of files) watchFile(file, { interval: LOOK_MS, persistent: false }, again);
  return {
    current: () => value,
    onChange: (use) => void users.push(use),
    close: () => {
      for (const file of files) unwatchFile(file, again);
    },
  };
}
