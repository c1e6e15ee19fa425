/**
 * The numbers as StatsD datagrams (http-api 8.4): every value a gauge, durations in milliseconds. Promises one line a value, and that
 * no name can break a line.
 */
import type { Summary } from './distribution.ts';
import type { Snapshot } from './metrics.ts';

export function statsdOf({ gauges, counters, histograms, timers }: Snapshot): string[] {
  return [
    ...gauges.flatMap(([name, value]) => (typeof value === 'number' ? [line(name, print(value))] : [])),
    ...counters.map(([name, value]) => line(name, print(value))),
    ...histograms.flatMap(([name, summary]) => summaryLines(name, summary)),
    ...timers.flatMap(([name, { rates, ...summary }]) => [
      ...summaryLines(name, summary),
      line(`${name}.m1_rate`, rates.m1.toFixed(2)),
      line(`${name}.m5_rate`, rates.m5.toFixed(2)),
      line(`${name}.m15_rate`, rates.m15.toFixed(2)),
      line(`${name}.mean_rate`, rates.mean.toFixed(2)),
    ]),
  ];
}

function summaryLines(name: string, { count, ...values }: Summary): string[] {
  const each = Object.entries(values).map(([field, value]: [string, number]) =>
    line(`${name}.${field}`, value.toFixed(2)),
  );
  return [...each, line(`${name}.samples`, print(count))];
}

function print(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** Colons and bars end a name, `@` and `#` begin what may follow a value. */
function line(name: string, value: string): string {
  return `${name.replaceAll(/[\s:|@#]/g, '-')}:${value}|g`;
}
