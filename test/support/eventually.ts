/** Waiting for what other processes do. Promises to look again until it is so, and to fail with what it saw last when it is too late. */
import { setTimeout as delay } from 'node:timers/promises';

/** How often one looks: a person would not notice, and the machine has time for what is waited for. */
const INTERVAL_MS = 50;

/** Resolves to what `check` returns, once it does not throw any more. `ms` is the limit, not a wait. Works outside of tests too. */
export async function eventually<T>(check: () => T | Promise<T>, ms = 20_000): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= until) throw error;
    }
    await delay(INTERVAL_MS);
  }
}
