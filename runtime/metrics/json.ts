/** The numbers in the JSON of Dropwizard's metrics (http-api 8.2). Promises its shape to the letter: its readers go by names. */
import type { Snapshot } from './metrics.ts';

/** Of that format, not of this program. */
const VERSION = '3.1.3';

/** Durations are in seconds. */
export function jsonOf({ gauges, counters, histograms, timers }: Snapshot): unknown {
  return {
    version: VERSION,
    gauges: Object.fromEntries(gauges.map(([name, value]) => [name, { value }])),
    counters: Object.fromEntries(counters.map(([name, count]) => [name, { count }])),
    histograms: Object.fromEntries(histograms),
    meters: {},
    timers: Object.fromEntries(
      timers.map(([name, { count, rates, ...durations }]) => [
        name,
        {
          count,
          ...Object.fromEntries(Object.entries(durations).map(([field, ms]) => [field, ms / 1000])),
          m15_rate: rates.m15,
          m1_rate: rates.m1,
          m5_rate: rates.m5,
          mean_rate: rates.mean,
          duration_units: 'seconds',
          rate_units: 'calls/second',
        },
      ]),
    ),
  };
}
