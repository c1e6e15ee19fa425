/** Histories full of trouble; `npm run simulate` plays many more. A failure prints the shrunk history and the command to replay it. */
import { expect, test } from 'vitest';
import { ACTION_KINDS } from './actions.ts';
import { type History, historyOf, play } from './history.ts';
import { MUTANTS } from './mutants.ts';
import { definitions } from './services.ts';
import { shrink } from './shrink.ts';
import { report } from './simulate.ts';

const SEEDS = 100;

test(`${SEEDS} histories`, { timeout: 300_000 }, async () => {
  const services = await definitions();
  const struck = new Set<string>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const history = historyOf(seed, services.length);
    const outcome = await play(history, services);
    if (outcome.violation) expect.fail(await report(history, services));
    for (const kind of Object.keys(outcome.struck)) struck.add(kind);
  }
  expect([...struck].sort(), 'everything has happened').toEqual([...ACTION_KINDS, 'uninstall'].sort());
});

test('the same seed is the same history', async () => {
  const services = await definitions();
  const history = historyOf(17, services.length);
  expect(await play(history, services)).toEqual(await play(history, services));
});

test('a broken rule is told by the fewest actions that still break it', async () => {
  const services = await definitions();
  const mutant = MUTANTS.find((candidate) => candidate.name === 'replaces a pod that was to be restarted');
  const breaks = async (history: History) => (await play(history, services, mutant?.tamper)).violation?.rule === 4;
  for (let seed = 1; seed <= 300; seed++) {
    const history = historyOf(seed, services.length);
    if (!(await breaks(history))) continue;
    const shortest = await shrink(history, breaks);
    expect(shortest.actions.map((action) => action.kind)).toEqual(['pod restart']);
    return;
  }
  expect.fail('no history breaks the rule');
});
