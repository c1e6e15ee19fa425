/** Makes directories. Promises an error that names the place, where a recursive mkdir of Node may hang (below /proc) or only trace. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes `path` and what is missing above it; throws when something else is there or it may not be made. */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false });
    if (found?.isDirectory()) break;
    if (found) throw new Error(`${at} is not a directory`);
    if (dirname(at) === at) break;
    missing.unshift(at);
  }
  for (const directory of missing) {
    try {
      mkdirSync(directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
