/** The word that someone meant. Promises a suggestion only when it is close; cost is bounded, whatever the words and their number. */

/** More names of one kind than any definition has. */
const MOST_CANDIDATES = 300;

/** Longer than any name we know. */
const LONGEST = 100;

/** Finds the known word that was meant, if any. */
export type Suggest = (word: string, known: readonly string[]) => string | undefined;

/** For texts that may be wrong in thousands of places: after so many comparisons nobody reads on, and it stays silent. */
export function suggester(comparisons = 50_000): Suggest {
  let left = comparisons;
  return (word, known) => {
    left -= Math.min(known.length, MOST_CANDIDATES);
    return left < 0 ? undefined : nearest(word, known);
  };
}

/** The known word within a third of the length of `word` (at most 3 edits), the closest first; undefined when none is. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const given = word.toLowerCase();
  let best: string | undefined;
  let limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let looked = 0;
  for (const candidate of known) {
    looked += 1;
    if (looked > MOST_CANDIDATES || limit < 0) break;
    const distance = edits(given, candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    best = candidate;
    limit = distance - 1;
  }
  return best;
}

/** Levenshtein distance, as far as it is within the limit: only the diagonal that wide is computed. */
function edits(a: string, b: string, limit: number): number {
  const beyond = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return beyond;
  // What both begin or end with costs nothing.
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let ends = 0;
  while (ends < Math.min(a.length, b.length) - start && a[a.length - 1 - ends] === b[b.length - 1 - ends]) ends += 1;
  const [x, y] = [a.slice(start, a.length - ends), b.slice(start, b.length - ends)];
  let row = Array.from({ length: y.length + 1 }, (_, at) => at);
  for (let i = 1; i <= x.length; i++) {
    const next: number[] = new Array(y.length + 1).fill(beyond);
    next[0] = i;
    let least = i;
    for (let j = Math.max(1, i - limit); j <= Math.min(y.length, i + limit); j++) {
      const substitution = (row[j - 1] ?? 0) + (x[i - 1] === y[j - 1] ? 0 : 1);
      next[j] = Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      least = Math.min(least, next[j] ?? beyond);
    }
    if (least > limit) return beyond;
    row = next;
  }
  return row[y.length] ?? beyond;
}
