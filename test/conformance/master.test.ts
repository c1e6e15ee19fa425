/** The master machine says what a real Mesos master said in the recordings. How they are compared: `replay.ts`. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Trace } from './recording.ts';
import { replay } from './replay.ts';
import { skips } from './skips.ts';

function recording(name: string): Trace {
  return JSON.parse(readFileSync(new URL(`./traces/${name}.json`, import.meta.url), 'utf8')) as Trace;
}

test.each([['01-subscribe'], ['02-stateful-launch'], ['07-acknowledgement'], ['08-reconciliation']])('%s', (name) => {
  const allowed = new Set(skips.filter((skip) => skip.trace === name).map((skip) => skip.step));
  const differences = replay(recording(name));
  expect(differences.filter((difference) => !allowed.has(difference.step))).toEqual([]);
  const used = new Set(differences.map((difference) => difference.step));
  expect(
    [...allowed].filter((step) => !used.has(step)),
    'skips that are not needed',
  ).toEqual([]);
});
