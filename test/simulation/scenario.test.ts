/**
 * Every scenario in `scenarios/`: what the scheduler says to Mesos, event by event. Change a script and run with `-u` to have its
 * `->` lines written anew; then read the diff.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runScenario } from './scenario.ts';
import { specOf } from './services.ts';

const folder = new URL('./scenarios/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test('there are scenarios to run', () => expect(names.length).toBeGreaterThan(5));

test.each(names)('%s', async (name) => {
  const path = new URL(name, folder);
  const happened = await runScenario(readFileSync(path, 'utf8'), specOf);
  await expect(happened).toMatchFileSnapshot(path.pathname);
});
