/**
 * Histories: the scheduler dies at every single commit and call of a deployment, and at random among other faults. A failure
 * prints the command that replays it.
 */
import { expect, test } from 'vitest';
import { runHistory } from './history.ts';
import { specOf } from './services.ts';
import type { CrashPoint } from './world.ts';

const only = process.env['SEED'];
const seeds = only
  ? [Number(only)]
  : Array.from({ length: Number(process.env['SEEDS'] ?? 60) }, (_, index) => index + 1);

async function replayable<T>(seed: number, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const replay = `SEED=${seed} npx vitest run test/simulation/simulation.test.ts`;
    throw new Error(`${(error as Error).message}\nreplay with: ${replay}`, { cause: error });
  }
}

const services: { name: string; env: Record<string, string> }[] = [
  { name: 'data-store', env: { METADATA_COUNT: '1', DATA_COUNT: '2' } },
  { name: 'hello-world', env: { WORLD_COUNT: '1' } },
];

test.each(services)('the scheduler dies before and after every commit and call of $name', async ({ name, env }) => {
  const spec = await specOf(name, env);
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

test(`${seeds.length} histories full of trouble`, { timeout: 60_000 + seeds.length * 2_000 }, async () => {
  const specs = await Promise.all(services.map(({ name }) => specOf(name, {})));
  const faults: Record<string, number> = {};
  for (const seed of seeds) {
    const spec = specs[seed % specs.length] as (typeof specs)[number];
    const result = await replayable(seed, () => runHistory({ spec, seed, troubleMs: 60_000 }));
    for (const [name, count] of Object.entries(result.faults)) faults[name] = (faults[name] ?? 0) + count;
  }
  if (!only) expect(Object.keys(faults).length, 'every kind of fault was struck').toBe(6);
});
