import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { printProblem } from '../../../runtime/spec/problem.ts';
import type { ServiceResult } from '../../../runtime/spec/spec.ts';
import { samples } from './corpus.ts';

const valid = samples('valid');
const invalid = samples('invalid');

/** Without what is empty, off or absent: what the file is about. */
function telling(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(telling);
  if (typeof value !== 'object' || value === null) return value;
  const said = (item: unknown) =>
    typeof item === 'object' && item !== null ? Object.keys(item).length > 0 : item !== false && item !== 0;
  const entries = Object.entries(value).map(([key, item]) => [key, telling(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => said(item)));
}

function answer(result: ServiceResult): string {
  const said = result.ok
    ? [stringify(telling({ ...result.spec, endpoints: result.endpoints, plans: result.plans }), { lineWidth: 0 })]
    : result.problems.map((problem) => `${printProblem(problem)}\n`);
  return [...result.warnings.map((warning) => `warning: ${printProblem(warning)}\n`), ...said].join('\n');
}

test('there are enough of them', () => {
  expect(valid.length).toBeGreaterThanOrEqual(60);
  expect(invalid.length).toBeGreaterThanOrEqual(60);
});

test.each(valid.map((sample) => [sample.name, sample] as const))('valid: %s', async (_, sample) => {
  const result = sample.parse();
  expect(result.ok ? [] : result.problems.map(printProblem)).toEqual([]);
  await expect(answer(result)).toMatchFileSnapshot(sample.golden);
});

test.each(invalid.map((sample) => [sample.name, sample] as const))('invalid: %s', async (_, sample) => {
  const result = sample.parse();
  expect(result.ok).toBe(false);
  await expect(answer(result)).toMatchFileSnapshot(sample.golden);
});

test.each(invalid.map((sample) => [sample.name, sample] as const))(
  'invalid: %s: each message names the fix',
  (_, sample) => {
    const result = sample.parse();
    const problems = result.ok ? [] : result.problems;
    expect(problems.filter(({ remedy }) => !remedy)).toEqual([]);
  },
);
