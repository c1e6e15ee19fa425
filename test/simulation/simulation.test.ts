/**
 * Histories: the scheduler dies at every single commit and call of a deployment, and at random among other faults. A failure
 * prints the command that replays it.
 */
import { expect, test } from 'vitest';
import { runHistory } from './history.ts';
import { specOf } from './services.ts';
import type { CrashPoint } from './world.ts';

const only = process.env['SEED'];
const seeds = only ? [Number(only)] : Array.from({ length: Number(process.env['SEEDS'] ?? 60) }, (_, index) => index + 1);

async function replayable<T>(seed: number, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const replay = `SEED=${seed} npx vitest run test/simulation/simulation.test.ts`;
    throw new Error(`${(error as Error).message}\nreplay with: ${replay}`, { cause: error });
  }
}

test('a deployment in peace', async () => {
  const result = await runHistory({ spec: await specOf('data-store', {}), seed: 1 });
  expect(result.commits).toBeGreaterThan(10);
});

test('the scheduler dies before and after every commit and call of a deployment', async () => {
  const spec = await specOf('data-store', { METADATA_COUNT: '1', DATA_COUNT: '2', READINESS: 'yes' });
  const peace = await runHistory({ spec, seed: 7 });
  const points: CrashPoint[] = [];
  for (const when of ['before', 'after'] as const) {
    for (let index = 1; index <= peace.commits; index++) points.push({ at: 'commit', when, index });
    for (let index = 1; index <= peace.calls; index++) points.push({ at: 'call', when, index });
  }
  expect(points.length).toBeGreaterThan(50);
  for (const crashPoint of points) {
    try {
      const { crashes } = await runHistory({ spec, seed: 7, crashPoint });
      expect(crashes).toBe(1);
    } catch (error) {
      throw new Error(`${JSON.stringify(crashPoint)}: ${(error as Error).message}`, { cause: error });
    }
  }
});

test(`${seeds.length} histories full of trouble`, { timeout: 120_000 }, async () => {
  const spec = await specOf('data-store', { READINESS: 'yes' });
  const faults: Record<string, number> = {};
  for (const seed of seeds) {
    const result = await replayable(seed, () => runHistory({ spec, seed, troubleMs: 60_000 }));
    for (const [name, count] of Object.entries(result.faults)) faults[name] = (faults[name] ?? 0) + count;
  }
  if (!only) expect(Object.keys(faults).length, 'every kind of fault was struck').toBe(6);
});
