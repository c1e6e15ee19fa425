/** The laws of ranges, held against sets of numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Range } from '../../../runtime/kit/mesos.ts';
import {
  commonRanges,
  firstIn,
  holdsRanges,
  normalRanges,
  rangesText,
  withoutRanges,
} from '../../../runtime/kit/ranges.ts';

const raw = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -2, max: 8 })).map(([begin, more]) => ({
    begin,
    end: begin + more,
  })),
  { maxLength: 6 },
);
const ranges = raw.map(normalRanges);

function numbers(of: readonly Range[]): Set<number> {
  const all = new Set<number>();
  for (const { begin, end } of of) for (let number = begin; number <= end; number++) all.add(number);
  return all;
}

/** The normal form of a set. */
function rangesOf(set: ReadonlySet<number>): Range[] {
  return normalRanges([...set].map((number) => ({ begin: number, end: number })));
}

describe('ranges are what the sets of their numbers are', () => {
  test('in normal form: sorted, none empty, none that touch', () => {
    fc.assert(
      fc.property(raw, (any) => {
        const normal = normalRanges(any);
        expect(numbers(normal)).toEqual(numbers(any));
        for (const [at, { begin, end }] of normal.entries()) {
          expect(begin).toBeLessThanOrEqual(end);
          expect(begin).toBeGreaterThan((normal[at - 1]?.end ?? -2) + 1);
        }
      }),
    );
  });

  test('less others, and with them in common', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const [left, right] = [numbers(a), numbers(b)];
        expect(withoutRanges(a, b)).toEqual(rangesOf(new Set([...left].filter((number) => !right.has(number)))));
        expect(commonRanges(a, b)).toEqual(rangesOf(new Set([...left].filter((number) => right.has(number)))));
        expect(holdsRanges(a, b)).toBe([...right].every((number) => left.has(number)));
      }),
    );
  });

  test('the first of them that is allowed and not taken', () => {
    fc.assert(
      fc.property(ranges, raw, fc.uniqueArray(fc.integer({ min: 0, max: 50 })), (a, within, taken) => {
        const allowed = numbers(within);
        const left = [...numbers(a)].filter(
          (number) => !taken.includes(number) && (within.length === 0 || allowed.has(number)),
        );
        expect(firstIn(a, within, new Set(taken))).toBe(left[0]);
      }),
    );
  });
});

test.each<[Range[], string]>([
  [[], 'none'],
  [[{ begin: 7, end: 7 }], '7'],
  [
    [
      { begin: 1, end: 2 },
      { begin: 4, end: 9 },
    ],
    '1-2, 4-9',
  ],
])('%j reads %s', (of, text) => {
  expect(rangesText(of)).toBe(text);
});
