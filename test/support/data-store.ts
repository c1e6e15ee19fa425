/** `frameworks/data-store` seen from outside: its tasks, and the lines that each writes to its volume every second. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { taskPids, volumeOf } from './cluster.ts';
import { eventually } from './eventually.ts';
import { root } from './workplace.ts';

export const dataStore = join(root, 'frameworks/data-store');

/** The tasks of the package as it comes, sorted. */
export const dataStoreTasks = ['data-0-node', 'data-1-node', 'data-2-node', 'meta-data-0-node', 'meta-data-1-node'];

/** The volume that a running task writes to. */
export function storeVolume(workDir: string, task: string): string {
  return volumeOf(workDir, task, task.startsWith('meta-data-') ? 'meta-data' : 'data');
}

/** The whole lines on a volume: `<time> <pid> <task>`. None as long as the task has not come to write. */
export function logLines(volume: string): string[] {
  const file = join(volume, 'log');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

/** Waits until there are more lines than that, and returns all. */
export function moreLines(than: number, volume: string): Promise<string[]> {
  return eventually(() => {
    const lines = logLines(volume);
    expect(lines.length).toBeGreaterThan(than);
    return lines;
  });
}

/** The same processes go on: each writes two more lines, so whoever would have ended one had the time to. */
export async function goOn(workDir: string, pids: Readonly<Record<string, number>>): Promise<void> {
  const volumes = Object.keys(pids).map((task) => storeVolume(workDir, task));
  await Promise.all(volumes.map((volume) => moreLines(logLines(volume).length + 1, volume)));
  expect(taskPids(workDir)).toEqual(pids);
}
