import { expect, test } from 'vitest';
import { measureEventLoop } from '../../../runtime/metrics/event-loop.ts';
import { newMetrics, snapshotOf } from '../../../runtime/metrics/metrics.ts';
import { eventually } from '../../support/eventually.ts';

test('what keeps the event loop busy is seen as its delay', async () => {
  const metrics = newMetrics(() => performance.now());
  const stop = measureEventLoop(metrics);
  try {
    await eventually(() => {
      const until = performance.now() + 300;
      while (performance.now() < until);
      const { timers } = snapshotOf(metrics, new Map());
      expect(new Map(timers).get('event_loop.delay')?.max).toBeGreaterThan(200);
    });
  } finally {
    stop();
  }
});
