/** Measures by how much timers are late: what a frame that takes long does to everything else. Promises to keep no process alive. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Metrics, time } from './metrics.ts';

const EVERY_MS = 1_000;
const RESOLUTION_MS = 20;

/** Returns how to stop. */
export function measureEventLoop(metrics: Metrics): () => void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const timer = setInterval(() => {
    // Of the time between two looks, one resolution is no delay.
    time(metrics, 'event_loop.delay', Math.max(histogram.max / 1e6 - RESOLUTION_MS, 0));
    histogram.reset();
  }, EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    histogram.disable();
  };
}
