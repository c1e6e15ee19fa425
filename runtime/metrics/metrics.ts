/**
 * Everything that is counted, as plain data: counters, histograms, timers. Promises that counting is cheap and that names do not
 * grow without bound, whatever a master sends; knows nothing of who counts, nor of how it is printed.
 */
import type { Counter, CounterFamily, Gauge, Histogram, Timer } from './catalogue.ts';
import { type Distribution, newDistribution, record, type Summary, summaryOf } from './distribution.ts';
import { mark, newRate, type Rate, type Rates, ratesOf } from './rate.ts';

/** Of a family, or of gauges; far more than there are. One beyond is not kept. */
const MAX_MEMBERS = 200;
/** A longer name of a gauge is cut. */
const MAX_NAME_CHARS = 200;

export interface Metrics {
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  readonly counters: Map<Counter, number>;
  /** By member, as whoever counts spells it: to make its name each time would cost more than to count. */
  readonly families: Map<CounterFamily, Map<string, number>>;
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
  return { clock, counters: new Map(), families: new Map(), histograms: new Map(), timers: new Map() };
}

export function count({ counters }: Metrics, name: Counter, by = 1): void {
  counters.set(name, (counters.get(name) ?? 0) + by);
}

/** One more of a member, in any case: `LAUNCH_GROUP` of `operation.*` is `operation.launch_group`. */
export function countMember({ families }: Metrics, family: CounterFamily, member: string, by = 1): void {
  const members = held(families, family, () => new Map<string, number>());
  const known = members.get(member);
  if (known !== undefined || members.size < MAX_MEMBERS) members.set(member, (known ?? 0) + by);
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

function held<K, T>(map: Map<K, T>, name: K, make: () => T): T {
  const known = map.get(name);
  if (known !== undefined) return known;
  const made = make();
  map.set(name, made);
  return made;
}

export function snapshotOf({ counters, families, histograms, timers, clock }: Metrics, gauges: Gauges): Snapshot {
  const now = clock();
  const few = [...gauges].slice(0, MAX_MEMBERS).map(([name, value]) => [name.slice(0, MAX_NAME_CHARS), value] as const);
  return {
    gauges: sorted(few),
    counters: sorted([...counters, ...membersOf(families)]),
    histograms: sorted(histograms).map(([name, distribution]) => [name, summaryOf(distribution, now)]),
    timers: sorted(timers).map(([name, { durations, rate }]) => [
      name,
      { ...summaryOf(durations, now), rates: ratesOf(rate, now) },
    ]),
  };
}

function membersOf(families: Metrics['families']): [string, number][] {
  return [...families].flatMap(([family, members]) =>
    [...members].map(([member, n]): [string, number] => [family.replace('*', member.toLowerCase()), n]),
  );
}

function sorted<T>(named: Iterable<readonly [string, T]>): (readonly [string, T])[] {
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1));
}
