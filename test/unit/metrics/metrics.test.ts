import { expect, test } from 'vitest';
import { helpOf } from '../../../runtime/metrics/catalogue.ts';
import { jsonOf } from '../../../runtime/metrics/json.ts';
import { countEvent } from '../../../runtime/metrics/mesos.ts';
import { count, newMetrics, snapshotOf } from '../../../runtime/metrics/metrics.ts';
import { prometheusOf } from '../../../runtime/metrics/prometheus.ts';
import { statsdOf } from '../../../runtime/metrics/statsd.ts';

test('a master that makes up states and events does not make names grow without end', () => {
  const metrics = newMetrics(() => 0);
  count(metrics, 'revives');
  for (let n = 0; n < 10_000; n++) {
    const event = { type: 'UPDATE', update: { status: { task_id: { value: 't' }, state: `TASK_${n}` } } };
    countEvent(metrics, event as unknown as Parameters<typeof countEvent>[1]);
  }
  count(metrics, 'revives');
  const { counters } = snapshotOf(metrics, new Map());
  expect(counters.length).toBeLessThan(1000);
  expect(new Map(counters).get('revives')).toBe(2);
});

test('ten thousand plans, or a name of a megabyte, are not all shown', () => {
  const many = new Map(Array.from({ length: 10_000 }, (_, n) => [`plan_status.plan-${n}`, 0] as const));
  const one = new Map([[`plan_status.${'x'.repeat(1_000_000)}`, 0] as const]);
  for (const gauges of [many, one]) {
    expect(
      JSON.stringify(
        jsonOf(
          snapshotOf(
            newMetrics(() => 0),
            gauges,
          ),
        ),
      ).length,
    ).toBeLessThan(50_000);
  }
});

test.each([
  ['a line break', 'plan_status.a\nrevives:1|c\n', 'plan_status.a-revives-1-c-:1|g'],
  ['a type and a rate', 'plan_status.a:1|c|@0.1|#tag:x', 'plan_status.a-1-c--0.1--tag-x:1|g'],
  ['what every object has', 'plan_status.__proto__', 'plan_status.__proto__:1|g'],
] as const)('a plan with %s in its name breaks no format', async (_, name, datagram) => {
  const snapshot = snapshotOf(
    newMetrics(() => 0),
    new Map([[name, 1]]),
  );
  expect(statsdOf(snapshot)).toEqual([datagram]);
  expect(JSON.parse(JSON.stringify(jsonOf(snapshot)))).toMatchObject({ gauges: { [name]: { value: 1 } } });
  const lines = (await prometheusOf(snapshot)).split('\n').filter((line) => line.startsWith('plan_status'));
  expect(lines).toEqual([`${name.replaceAll(/[^a-zA-Z0-9:_]/g, '_')} 1`]);
});

test('a gauge that is `__proto__` is one like any other', () => {
  const snapshot = snapshotOf(
    newMetrics(() => 0),
    new Map([['__proto__' as 'is_subscribed', 1]]),
  );
  expect(JSON.stringify(jsonOf(snapshot))).toContain('"__proto__":{"value":1}');
});

test.each([
  ['offers.received', 'Offers received.'],
  ['operation.launch_group', 'Offer operations asked for, by type.'],
  ['mesos.calls.accept', 'Calls made, by type.'],
  ['api.requests.get.2xx', 'API requests answered, by method and class of status.'],
  ['plan_status.a.b.c', helpOf('plan_status.deploy')],
  ['toString', 'toString'],
])('%s means: %s', (name, help) => {
  expect(helpOf(name)).toBe(help);
});
