/**
 * The newest lines of the log, kept for those who cannot reach where it goes. Promises a bounded memory, whatever is logged; a line
 * that is too long loses its end.
 */
import type { Clock } from './clock.ts';

/** What happened: a constant message, with keys. */
interface Entry {
  readonly level: string;
  readonly message: string;
  readonly keys: Readonly<Record<string, unknown>>;
}

export interface LogRing {
  add(entry: Entry): void;
  /** Oldest first, one JSON object a line, as the log itself has them. */
  text(): string;
}

const LONGEST_LINE = 4_000;

/** Keeps so many lines. */
export function logRing(clock: Clock, size = 1_000): LogRing {
  const lines: string[] = [];
  let next = 0;
  return {
    add({ level, message, keys }) {
      const time = new Date(clock()).toISOString();
      lines[next % size] = JSON.stringify({ level, time, ...keys, msg: message }).slice(0, LONGEST_LINE);
      next += 1;
    },
    text() {
      const start = next % size;
      return [...lines.slice(start), ...lines.slice(0, start)].map((line) => `${line}\n`).join('');
    },
  };
}
