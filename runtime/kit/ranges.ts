/**
 * Range algebra: sets of whole numbers as inclusive ranges, as Mesos writes ports. Promises that every result is normal (sorted,
 * disjoint, not adjacent, nothing empty); the functions of two operands rely on normal ones and never change them.
 */
import type { Range } from './mesos.ts';

/** The normal form of any ranges. */
export function normalRanges(ranges: readonly Range[]): Range[] {
  const sorted = ranges.filter((range) => range.begin <= range.end).sort((a, b) => a.begin - b.begin);
  const merged: Range[] = [];
  for (const { begin, end } of sorted) {
    const last = merged.at(-1);
    if (last && begin <= last.end + 1) last.end = Math.max(last.end, end);
    else merged.push({ begin, end });
  }
  return merged;
}

/** What is in `from` and not in `cut`. */
export function withoutRanges(from: readonly Range[], cut: readonly Range[]): Range[] {
  const left: Range[] = [];
  for (const range of from) {
    let begin = range.begin;
    for (const hole of cut) {
      if (hole.end < begin) continue;
      if (hole.begin > range.end) break;
      if (hole.begin > begin) left.push({ begin, end: hole.begin - 1 });
      begin = hole.end + 1;
    }
    if (begin <= range.end) left.push({ begin, end: range.end });
  }
  return left;
}

/** What is in both. */
export function commonRanges(a: readonly Range[], b: readonly Range[]): Range[] {
  return withoutRanges(a, withoutRanges(a, b));
}

/** Whether `whole` has everything that `part` has. */
export function holdsRanges(whole: readonly Range[], part: readonly Range[]): boolean {
  return part.every((range) => whole.some(({ begin, end }) => begin <= range.begin && range.end <= end));
}

/** The smallest number in `ranges` that lies in one of `within` (none: anywhere) and is not one of `taken`. */
export function firstIn(
  ranges: readonly Range[],
  within: readonly Range[],
  taken: ReadonlySet<number>,
): number | undefined {
  const allowed = within.length === 0 ? ranges : commonRanges(ranges, normalRanges(within));
  for (const { begin, end } of allowed) {
    for (let number = begin; number <= end; number++) if (!taken.has(number)) return number;
  }
  return undefined;
}

/** `9000-9002, 9010`, or `none`. */
export function rangesText(ranges: readonly Range[]): string {
  return ranges.map(({ begin, end }) => (begin === end ? `${begin}` : `${begin}-${end}`)).join(', ') || 'none';
}
