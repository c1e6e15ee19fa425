/**
 * How often something happens: moving averages over one, five and fifteen minutes, as of a Unix load, and the mean since the first
 * time. Promises the numbers that Dropwizard's meters show, without a timer of its own: what time has done is made up when asked.
 */

/** The averages move in steps of this length. */
const STEP_MS = 5_000;
const MINUTES = [1, 5, 15] as const;

export interface Rate {
  readonly since: number;
  count: number;
  /** What happened since the last step. */
  uncounted: number;
  steppedAt: number;
  /** Per second, over each of the `MINUTES`; absent before the first step. */
  averages?: readonly number[];
}

/** Events per second. */
export interface Rates {
  readonly m1: number;
  readonly m5: number;
  readonly m15: number;
  readonly mean: number;
}

/** `now` is in milliseconds of a clock that never goes back, here as below. */
export function newRate(now: number): Rate {
  return { since: now, count: 0, uncounted: 0, steppedAt: now };
}

export function mark(rate: Rate, now: number): void {
  step(rate, now);
  rate.uncounted++;
  rate.count++;
}

export function ratesOf(rate: Rate, now: number): Rates {
  step(rate, now);
  const [m1 = 0, m5 = 0, m15 = 0] = rate.averages ?? [];
  const elapsed = now - rate.since;
  return { m1, m5, m15, mean: elapsed > 0 ? (rate.count / elapsed) * 1000 : 0 };
}

/** The first step sees what happened, the steps after it silence. */
function step(rate: Rate, now: number): void {
  const steps = Math.floor((now - rate.steppedAt) / STEP_MS);
  if (steps < 1) return;
  const seen = (rate.uncounted / STEP_MS) * 1000;
  rate.averages = MINUTES.map((minutes, at) => {
    const keep = Math.exp(-STEP_MS / (minutes * 60_000));
    const before = rate.averages?.[at];
    const after = before === undefined ? seen : seen + (before - seen) * keep;
    return after * keep ** (steps - 1);
  });
  rate.uncounted = 0;
  rate.steppedAt += steps * STEP_MS;
}
