/** `mainstay dev` as a process of a test. Promises to know only what it prints and the files in its data directory. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { dataStore } from './data-store.ts';
import { eventually } from './eventually.ts';
import type { Program, Workplace } from './workplace.ts';

export interface Dev {
  readonly program: Program;
  /** Where its agents keep sandboxes and volumes. */
  readonly workDir: string;
  /** Of the API. */
  readonly port: number;
}

/** Starts `mainstay dev` on a data directory below the workplace, the same one each time, with the API on a free port. */
export function startDev(place: Workplace, args: readonly string[] = [], definition = dataStore): Program {
  const dataDir = join(place.directory, 'data-dir');
  return place.mainstay(['dev', definition, '--data-dir', dataDir, '--port', '0', ...args]);
}

/** Starts it and waits until its API listens. */
export async function dev(place: Workplace, definition?: string): Promise<Dev> {
  const program = startDev(place, [], definition);
  const port = await eventually(() => {
    const [, found] = /the API is at http:\/\/127\.0\.0\.1:(\d+)/.exec(program.stdout()) ?? [];
    expect(found, program.stderr()).toBeDefined();
    return Number(found);
  });
  return { program, port, workDir: join(place.directory, 'data-dir/cluster') };
}
