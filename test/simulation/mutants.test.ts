/** The simulator bites: every scheduler that breaks a rule is found within 300 histories, and by that rule. */
import { expect, test } from 'vitest';
import { historyOf, play } from './history.ts';
import { MUTANTS } from './mutants.ts';
import { definitions } from './services.ts';

const services = await definitions();

test.each(MUTANTS)('invariant $rule: a scheduler that $name', { timeout: 60_000 }, async ({ rule, tamper }) => {
  const found: string[] = [];
  for (let seed = 1; seed <= 300; seed++) {
    const { violation } = await play(historyOf(seed, services.length), services, tamper);
    if (violation?.rule === rule) return;
    if (violation) found.push(`seed ${seed}: ${violation.message}`);
  }
  expect.fail(`no history found it; instead:\n${found.slice(0, 5).join('\n')}`);
});

test('every rule is seen to bite', () => {
  expect([...new Set(MUTANTS.map((mutant) => mutant.rule))].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
