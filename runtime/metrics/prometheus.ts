/**
 * The numbers for Prometheus (http-api 8.3), printed by prom-client with those that it knows of the process and of Node.js. Promises
 * the field's names, each once; counters are called counters here, where the field calls them gauges.
 */
import type { Registry } from 'prom-client';
import { helpOf } from './catalogue.ts';
import type { Summary } from './distribution.ts';
import type { Snapshot } from './metrics.ts';

/** Of what prom-client knows by itself. */
const PROCESS_PREFIX = 'mainstay_';

/** In the text format, version 0.0.4; durations are in seconds. `names`: only these, or all if there are none. */
export async function prometheusOf(snapshot: Snapshot, names: readonly string[] = []): Promise<string> {
  // Loaded when needed: most schedulers of a laptop are never asked.
  const { Registry } = await import('prom-client');
  ofProcess ??= observeProcess();
  const registry = Registry.merge([await registryOf(snapshot), await ofProcess]);
  if (names.length > 0) {
    const wanted = new Set(names.flatMap((name) => [name, name.replace(/_(bucket|count|sum)$/, '')]));
    for (const { name } of registry.getMetricsAsArray()) if (!wanted.has(name)) registry.removeSingleMetric(name);
  }
  return registry.metrics();
}

/** Once a process, however many services it has: it watches the garbage collector. */
let ofProcess: Promise<Registry> | undefined;

async function observeProcess(): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = await import('prom-client');
  const register = new Registry();
  // The delay of the event loop is among our own numbers; its timer would only wake the process.
  collectDefaultMetrics({ register, prefix: PROCESS_PREFIX, eventLoopMonitoringPrecision: 60_000 });
  for (const { name } of register.getMetricsAsArray()) {
    if (name.includes('eventloop_lag')) register.removeSingleMetric(name);
  }
  return register;
}

type Family = { readonly name: string } & (
  | { readonly type: 'gauge' | 'counter'; readonly value: number }
  | { readonly type: 'summary'; readonly summary: Summary; readonly unit: number }
);

function familiesOf({ gauges, counters, histograms, timers }: Snapshot): Family[] {
  return [
    ...gauges.map(([name, value]): Family => ({ name, type: 'gauge', value: Number(value) })),
    ...counters.map(([name, value]): Family => ({ name, type: 'counter', value })),
    ...histograms.map(([name, summary]): Family => ({ name, type: 'summary', summary, unit: 1 })),
    ...timers.map(([name, summary]): Family => ({ name, type: 'summary', summary, unit: 1000 })),
  ];
}

async function registryOf(snapshot: Snapshot): Promise<Registry> {
  const { Counter, Gauge, Registry, Summary } = await import('prom-client');
  const registry = new Registry();
  for (const family of familiesOf(snapshot)) {
    const name = family.name.replaceAll(/[^a-zA-Z0-9:_]/g, '_');
    // Two plans whose names differ in a dash alone: a page with one name twice is no good to anybody.
    if (registry.getSingleMetric(name)) continue;
    const described = { name, help: helpOf(family.name), registers: [registry] };
    switch (family.type) {
      case 'gauge':
        new Gauge(described).set(family.value);
        break;
      case 'counter':
        new Counter(described).inc(family.value);
        break;
      case 'summary': {
        const summary = new Summary<'quantile'>(described);
        const printed = await summary.get();
        // It would go through the values itself; ours have been gone through.
        summary.get = async () => ({ ...printed, values: samplesOf(name, family.summary, family.unit) });
      }
    }
  }
  return registry;
}

function samplesOf(name: string, summary: Summary, unit: number) {
  const { p50, p75, p95, p98, p99, p999, count } = summary;
  const quantiles = [
    [0.5, p50],
    [0.75, p75],
    [0.95, p95],
    [0.98, p98],
    [0.99, p99],
    [0.999, p999],
  ] as const;
  return [
    ...quantiles.map(([quantile, value]) => ({ labels: { quantile }, value: value / unit })),
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
}
