/** Waiting for what other processes do. Promises to look again until it is so, and to fail with what it saw last when it is too late. */
import { vi } from 'vitest';

/** How often one looks: a person would not notice, and the machine has time for what is waited for. */
const INTERVAL_MS = 50;

/** Resolves to what `check` returns, once it does not throw any more. `ms` is the limit, not a wait. */
export function eventually<T>(check: () => T | Promise<T>, ms = 20_000): Promise<T> {
  return vi.waitFor(check, { timeout: ms, interval: INTERVAL_MS });
}
