/**
 * What a measured quantity was like lately: the last 1,024 values of the last five minutes. Promises memory that never grows, and
 * that an old extreme is forgotten; never estimates: its numbers are those of the values that it holds.
 */

const CAPACITY = 1024;
const WINDOW_MS = 300_000;

export interface Distribution {
  /** All values ever recorded. */
  count: number;
  /** Rings: the value of number n is at n modulo their length. */
  readonly values: Float64Array;
  /** When each was recorded, in milliseconds of a clock that never goes back. */
  readonly times: Float64Array;
}

/** In the unit of the values; all zero when nothing was recorded lately. `count` is of all time. */
export interface Summary {
  readonly count: number;
  readonly max: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
  readonly p98: number;
  readonly p99: number;
  readonly p999: number;
  readonly stddev: number;
}

export function newDistribution(): Distribution {
  return { count: 0, values: new Float64Array(CAPACITY), times: new Float64Array(CAPACITY) };
}

export function record(distribution: Distribution, value: number, now: number): void {
  const at = distribution.count % CAPACITY;
  distribution.values[at] = value;
  distribution.times[at] = now;
  distribution.count++;
}

export function summaryOf({ count, values, times }: Distribution, now: number): Summary {
  const since = now - WINDOW_MS;
  const recent = values.subarray(0, Math.min(count, CAPACITY)).filter((_, at) => (times[at] ?? 0) >= since);
  const sorted = recent.sort();
  const n = sorted.length;
  const mean = n === 0 ? 0 : sorted.reduce((sum, value) => sum + value, 0) / n;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    max: sorted.at(-1) ?? 0,
    mean,
    min: sorted[0] ?? 0,
    p50: quantile(sorted, 0.5),
    p75: quantile(sorted, 0.75),
    p95: quantile(sorted, 0.95),
    p98: quantile(sorted, 0.98),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
    stddev: n < 2 ? 0 : Math.sqrt(squares / (n - 1)),
  };
}

/** Between two values in proportion, as Dropwizard has it. */
function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length + 1);
  const lower = sorted[Math.min(Math.max(Math.floor(position), 1), sorted.length) - 1] ?? 0;
  const upper = sorted[Math.min(Math.max(Math.floor(position) + 1, 1), sorted.length) - 1] ?? 0;
  return lower + (position - Math.floor(position)) * (upper - lower);
}
