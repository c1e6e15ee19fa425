/** The master machine says what a real Mesos master said in the recordings. How they are compared: `replay.ts`. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Step, Trace } from './recording.ts';
import { replay } from './replay.ts';
import { skips } from './skips.ts';

function recording(name: string): Step[] {
  const text = readFileSync(new URL(`./traces/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as Trace).steps;
}

const replayed: [name: string, steps?: number][] = [
  ['01-subscribe'],
  ['02-stateful-launch'],
  ['07-acknowledgement'],
  ['08-reconciliation'],
  ['11-filters'],
  ['12-split-and-combined-offers'],
  // After these steps come an order that Mesos leaves to chance, operators' calls, agents that are frozen.
  ['13-failover', 40],
  ['16-teardown', 128],
  ['19-operation-feedback', 78],
];

test('every skip belongs to a recording that is replayed', () => {
  const names = replayed.map(([name]) => name);
  expect(skips.filter((skip) => !names.includes(skip.trace))).toEqual([]);
});

test.each(replayed)('%s', (name, steps = Number.POSITIVE_INFINITY) => {
  const allowed = new Set(skips.filter((skip) => skip.trace === name).map((skip) => skip.step));
  const differences = replay(recording(name).slice(0, steps));
  expect(differences.filter((difference) => !allowed.has(difference.step))).toEqual([]);
  const used = new Set(differences.map((difference) => difference.step));
  expect(
    [...allowed].filter((step) => !used.has(step)),
    'skips that are not needed',
  ).toEqual([]);
});
