import { expect, test } from 'vitest';
import { mark, newRate, ratesOf } from '../../../runtime/metrics/rate.ts';

const MINUTE = 60_000;

function threeAtOnce() {
  const rate = newRate(0);
  for (let n = 0; n < 3; n++) mark(rate, 0);
  return rate;
}

test('the averages are those of a Unix load: three events, then silence', () => {
  const rate = threeAtOnce();
  expect(ratesOf(rate, 4_999)).toMatchObject({ m1: 0, m5: 0, m15: 0 });
  expect(ratesOf(rate, 5_000)).toMatchObject({ m1: 0.6, m5: 0.6, m15: 0.6 });
  // The numbers that Dropwizard's own tests of its averages expect.
  expect(ratesOf(rate, 5_000 + MINUTE).m1).toBeCloseTo(0.22072766, 8);
  expect(ratesOf(rate, 5_000 + MINUTE).m5).toBeCloseTo(0.49123845, 8);
  expect(ratesOf(rate, 5_000 + MINUTE).m15).toBeCloseTo(0.56130419, 8);
  expect(ratesOf(rate, 5_000 + 15 * MINUTE).m15).toBeCloseTo(0.22072766, 8);
});

test('it does not matter how often one looks', () => {
  const [often, once] = [threeAtOnce(), threeAtOnce()];
  for (let at = 0; at < 10 * MINUTE; at += 700) ratesOf(often, at);
  const [a, b] = [ratesOf(often, 10 * MINUTE), ratesOf(once, 10 * MINUTE)];
  for (const field of ['m1', 'm5', 'm15', 'mean'] as const) expect(a[field]).toBeCloseTo(b[field], 12);
});

test('a steady rate is shown as it is', () => {
  const rate = newRate(0);
  for (let at = 0; at < 60 * MINUTE; at += 100) mark(rate, at);
  const { m1, m15, mean } = ratesOf(rate, 60 * MINUTE);
  expect([m1, mean]).toEqual([expect.closeTo(10, 6), expect.closeTo(10, 6)]);
  expect(m15).toBeCloseTo(10, 6);
});

test('nothing has happened in no time', () => {
  expect(ratesOf(newRate(5), 5)).toEqual({ m1: 0, m5: 0, m15: 0, mean: 0 });
});
