/** What tests of real processes share: which processes carry a mark in their environment, and a wait that is not a sleep. */
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** Pids of the living processes whose environment holds the text (Linux). */
export function marked(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => read(`/proc/${pid}/environ`).includes(text) && isLiving(pid));
}

/** Whether the process is there and no zombie. */
export function isLiving(pid: number): boolean {
  return /\) [^ZX]/.test(read(`/proc/${pid}/stat`));
}

/** Resolves to the first value that is not undefined or false; the test's own timeout is the limit. */
export async function until<T>(probe: () => T | undefined | false): Promise<T> {
  for (;;) {
    const value = probe();
    if (value !== undefined && value !== false) return value;
    await setImmediate();
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
