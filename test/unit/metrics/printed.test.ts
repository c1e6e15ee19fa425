/** The texts that readers of the field take: golden files of one small deployment, in each form. */
import { expect, test } from 'vitest';
import { jsonOf } from '../../../runtime/metrics/json.ts';
import { newMetrics, snapshotOf } from '../../../runtime/metrics/metrics.ts';
import { prometheusOf } from '../../../runtime/metrics/prometheus.ts';
import { statsdOf } from '../../../runtime/metrics/statsd.ts';
import { played } from './deployment.ts';

test('JSON of a deployment', async () => {
  await expect(`${JSON.stringify(jsonOf(played()), null, 2)}\n`).toMatchFileSnapshot('golden/metrics.json');
});

test('Prometheus text of a deployment', async () => {
  await expect(ours(await prometheusOf(played()))).toMatchFileSnapshot('golden/metrics.prom');
});

test('StatsD datagrams of a deployment', async () => {
  await expect(`${statsdOf(played()).join('\n')}\n`).toMatchFileSnapshot('golden/metrics.statsd');
});

test('a scheduler that has done nothing has its groups and no names', () => {
  expect(
    jsonOf(
      snapshotOf(
        newMetrics(() => 0),
        new Map(),
      ),
    ),
  ).toEqual({
    version: '3.1.3',
    gauges: {},
    counters: {},
    histograms: {},
    meters: {},
    timers: {},
  });
});

test('Prometheus is told about the process too', async () => {
  const text = await prometheusOf(played());
  for (const name of ['mainstay_process_cpu_seconds_total', 'mainstay_nodejs_heap_size_used_bytes']) {
    expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  }
  expect(text, 'the delay of the event loop is told by event_loop.delay alone').not.toContain('eventloop');
});

test.each([
  ['a counter', ['declines_long'], ['declines_long']],
  ['a summary by any of its samples', ['offers_process_count'], ['offers_process']],
  [
    'several',
    ['declines_long', 'mainstay_process_cpu_seconds_total'],
    ['declines_long', 'mainstay_process_cpu_seconds_total'],
  ],
  ['one that is not there', ['nothing'], []],
])('Prometheus may ask for %s', async (_, names, families) => {
  const text = await prometheusOf(played(), names);
  expect([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)).toEqual(families);
});

test('every line for Prometheus is a comment or a sample with a name of its own', async () => {
  const text = await prometheusOf(played());
  const lines = text.split('\n').filter((line) => line !== '');
  const samples = lines.filter((line) => !line.startsWith('# '));
  for (const line of samples) expect(line).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^}]*\})? (\S+)$/);
  expect(new Set(samples.map((line) => line.replace(/ \S+$/, ''))).size).toBe(samples.length);
});

/** Without what differs from process to process. */
function ours(text: string): string {
  return `${text
    .split(/\n+(?=# HELP)/)
    .filter((family) => !family.startsWith('# HELP mainstay_'))
    .join('\n')
    .trimEnd()}\n`;
}
