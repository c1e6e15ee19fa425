/**
 * The master machine says what a real Mesos master said in the recordings. How they are compared: `replay.ts`; what is left out, and
 * why: `recordings.ts` and `skips.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { livesOf, type Step, type Trace } from './recording.ts';
import { notReplayed, type Recording, recordings } from './recordings.ts';
import { type Difference, replay } from './replay.ts';
import { skips } from './skips.ts';

const folder = new URL('traces/', import.meta.url);

function stepsOf(name: string): Step[] {
  return (JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Trace).steps;
}

/** Each life of the master by itself; steps are numbered through. */
function differencesIn({ name, until, ...options }: Recording): Difference[] {
  const steps = stepsOf(name).slice(0, until?.step);
  return livesOf(steps).flatMap(({ from, to }) =>
    replay(steps.slice(from, to), options).map((difference) => ({
      ...difference,
      step: difference.step < 0 ? -1 : difference.step + from,
    })),
  );
}

test('every recording is replayed, or it is said why not', () => {
  const files = readdirSync(folder).map((name) => name.replace('.json', ''));
  const told = [...recordings.map(({ name }) => name), ...Object.keys(notReplayed)];
  // The same exchanges as bytes are the codec's.
  expect(files.filter((name) => !name.endsWith('-protobuf')).sort()).toEqual(told.sort());
});

test('every skip belongs to a recording that is replayed', () => {
  const names = recordings.map(({ name }) => name);
  expect(skips.filter((skip) => !names.includes(skip.trace))).toEqual([]);
});

test.each(recordings)('$name', (recording) => {
  const allowed = new Set(skips.filter((skip) => skip.trace === recording.name).flatMap((skip) => skip.steps));
  const differences = differencesIn(recording);
  expect(differences.filter((difference) => !allowed.has(difference.step))).toEqual([]);
  const used = new Set(differences.map((difference) => difference.step));
  expect(
    [...allowed].filter((step) => !used.has(step)),
    'skips that are not needed',
  ).toEqual([]);
});
