import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newDistribution, record, type Summary, summaryOf } from '../../../runtime/metrics/distribution.ts';

function summaryOfAll(values: readonly number[]): Summary {
  const distribution = newDistribution();
  for (const value of values) record(distribution, value, 0);
  return summaryOf(distribution, 0);
}

test('nothing recorded is all zeros', () => {
  expect(new Set(Object.values(summaryOfAll([])))).toEqual(new Set([0]));
});

// As Dropwizard's UniformSnapshot has it.
test.each<[string, number[], Partial<Summary>]>([
  ['one value', [7], { count: 1, min: 7, max: 7, mean: 7, p50: 7, p999: 7, stddev: 0 }],
  ['five values', [5, 1, 2, 3, 4], { count: 5, min: 1, max: 5, mean: 3, p50: 3, p75: 4.5, p95: 5, stddev: 2.5 ** 0.5 }],
  ['between two', [10, 20], { p50: 15, p75: 20, mean: 15 }],
])('%s', (_, values, expected) => {
  expect(summaryOfAll(values)).toMatchObject(expected);
});

test('percentiles never decrease and stay between the smallest and the largest', () =>
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 2000 }), (values) => {
      const { min, p50, p75, p95, p98, p99, p999, max, mean } = summaryOfAll(values);
      const ordered = [min, p50, p75, p95, p98, p99, p999, max];
      expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
      const recent = values.slice(-1024);
      expect([min, max]).toEqual([Math.min(...recent), Math.max(...recent)]);
      expect(mean).toBeCloseTo(recent.reduce((sum, value) => sum + value, 0) / recent.length, 3);
    }),
  ));

test('what is older than five minutes is forgotten, but counted', () => {
  const distribution = newDistribution();
  record(distribution, 1000, 0);
  record(distribution, 1, 200_000);
  expect(summaryOf(distribution, 300_000)).toMatchObject({ count: 2, max: 1000 });
  expect(summaryOf(distribution, 300_001)).toMatchObject({ count: 2, max: 1, p50: 1 });
  expect(summaryOf(distribution, 500_001)).toMatchObject({ count: 2, max: 0, p50: 0 });
});
