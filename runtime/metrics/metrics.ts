/**
 * Everything that is counted, as plain data: counters, histograms, timers. Promises that counting is cheap and that names do not
 * grow without bound, whatever a master sends; knows nothing of who counts, nor of how it is printed.
 */
import type { Counter, Gauge, Histogram, Timer } from './catalogue.ts';
import { type Distribution, newDistribution, record, type Summary, summaryOf } from './distribution.ts';
import { mark, newRate, type Rate, type Rates, ratesOf } from './rate.ts';

/** Far more than there are; a name beyond is not kept. */
const MAX_NAMES = 500;
/** A longer name of a gauge is cut. */
const MAX_NAME_CHARS = 200;

export interface Metrics {
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  readonly counters: Map<string, number>;
  readonly histograms: Map<string, Distribution>;
  readonly timers: Map<string, Timed>;
}

interface Timed {
  readonly durations: Distribution;
  readonly rate: Rate;
}

/** Numbers that are looked at only when somebody asks. */
export type Gauges = ReadonlyMap<Gauge, number | boolean>;

type Named<T> = readonly (readonly [name: string, value: T])[];

/** All numbers of one moment, each kind sorted by name: what is printed. */
export interface Snapshot {
  readonly gauges: Named<number | boolean>;
  readonly counters: Named<number>;
  readonly histograms: Named<Summary>;
  /** Milliseconds, and calls per second. */
  readonly timers: Named<Summary & { readonly rates: Rates }>;
}

export function newMetrics(clock: () => number): Metrics {
  return { clock, counters: new Map(), histograms: new Map(), timers: new Map() };
}

export function count({ counters }: Metrics, name: Counter, by = 1): void {
  const known = counters.get(name);
  if (known !== undefined || counters.size < MAX_NAMES) counters.set(name, (known ?? 0) + by);
}

/** A value of a histogram. */
export function measure({ histograms, clock }: Metrics, name: Histogram, value: number): void {
  record(held(histograms, name, newDistribution), value, clock());
}

/** Something took so many milliseconds. */
export function time({ timers, clock }: Metrics, name: Timer, ms: number): void {
  const now = clock();
  const { durations, rate } = held(timers, name, () => ({ durations: newDistribution(), rate: newRate(now) }));
  record(durations, ms, now);
  mark(rate, now);
}

function held<T>(map: Map<string, T>, name: string, make: () => T): T {
  const known = map.get(name);
  if (known !== undefined) return known;
  const made = make();
  map.set(name, made);
  return made;
}

export function snapshotOf({ counters, histograms, timers, clock }: Metrics, gauges: Gauges): Snapshot {
  const now = clock();
  const few = [...gauges].slice(0, MAX_NAMES).map(([name, value]) => [name.slice(0, MAX_NAME_CHARS), value] as const);
  return {
    gauges: sorted(few),
    counters: sorted(counters),
    histograms: sorted(histograms).map(([name, distribution]) => [name, summaryOf(distribution, now)]),
    timers: sorted(timers).map(([name, { durations, rate }]) => [
      name,
      { ...summaryOf(durations, now), rates: ratesOf(rate, now) },
    ]),
  };
}

function sorted<T>(named: Iterable<readonly [string, T]>): (readonly [string, T])[] {
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1));
}
