/** The directory of `mainstay dev`: store, cluster and a note whose they are. Promises never to touch what belongs to another service. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeDirectory } from '../kit/directory.ts';
import { slashEscaped } from '../spec/names.ts';
import { Failure } from './failure.ts';

export interface DataDir {
  /** Absolute. */
  readonly path: string;
  readonly store: string;
  readonly cluster: string;
  /** Links to the sandboxes of the tasks, by name. */
  readonly sandboxes: string;
}

/** `.mainstay/<service>` below the current directory unless told otherwise. Throws `Failure` when it is another service's. */
export function dataDir(service: string, given: string | undefined): DataDir {
  const path = resolve(given ?? join('.mainstay', slashEscaped(service)));
  const marker = join(path, 'service');
  try {
    makeDirectory(path);
    const owner = readOwner(marker);
    if (owner === undefined) writeFileSync(marker, `${service}\n`);
    else if (owner !== service) {
      throw new Failure(
        `${path} belongs to the service "${owner}", not to "${service}": name another one with --data-dir`,
      );
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `the data directory cannot be used: ${(error as Error).message}: name another one with --data-dir`,
    );
  }
  return { path, store: join(path, 'store'), cluster: join(path, 'cluster'), sandboxes: join(path, 'sandboxes') };
}

function readOwner(marker: string): string | undefined {
  try {
    return readFileSync(marker, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
