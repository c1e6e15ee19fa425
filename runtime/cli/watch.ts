/**
 * Following what the scheduler says, until Ctrl-C (`--watch`). Promises to go on when the scheduler restarts, and to say that it does
 * not answer instead of showing what may not be so any more as if it were.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { Unreachable } from './failure.ts';
import type { Output } from './live.ts';

/** How often one looks, in milliseconds. */
const INTERVAL_MS = 1_000;

export interface View<T> {
  update(value: T): void;
  /** A line that stays. */
  say(text: string): void;
}

/** `--watch`; it shows changes, which no JSON document could. */
export function watchOption(): Option {
  return new Option('-w, --watch', 'go on and show every change, until Ctrl-C').conflicts(['json', 'yaml', 'wait']);
}

/** Never resolves; throws what `look` throws, but `Unreachable`. */
export async function watch<T>(look: () => Promise<T>, view: View<T>, intervalMs = INTERVAL_MS): Promise<never> {
  let lost = false;
  for (;;) {
    try {
      const value = await look();
      if (lost) view.say('the scheduler answers again');
      lost = false;
      view.update(value);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (!lost) view.say(`${error.message.split('\n')[0]}; trying again`);
      lost = true;
    }
    await delay(intervalMs);
  }
}

/** Standard output as a view wants it, written to where the program was told to print. */
export function outputOf(command: Command): Output {
  return {
    isTTY: process.stdout.isTTY === true,
    get columns() {
      return process.stdout.columns;
    },
    get rows() {
      return process.stdout.rows;
    },
    write: (text) => command.configureOutput().writeOut?.(text),
  };
}
