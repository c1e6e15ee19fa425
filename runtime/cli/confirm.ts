/**
 * The question before something is destroyed. Promises that what dies is said on stderr before it does, and that without a terminal
 * nobody is taken to have agreed.
 */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { EXIT, Failure } from './failure.ts';
import { printError } from './operator.ts';

export interface ConfirmOptions {
  readonly yes?: true;
}

/** For the help of a verb that asks. */
export const YES = ['-y, --yes', 'do it without asking; needed where there is no terminal'] as const;

/** Returns once it is agreed; throws `Failure` with code 2 when it is not. */
export async function confirm(command: Command, options: ConfirmOptions, whatDies: string): Promise<void> {
  printError(command, whatDies);
  if (options.yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Failure('Nothing was done: there is no terminal to ask on. If it is meant, say --yes', EXIT.unconfirmed);
  }
  if (!/^y(es)?$/i.test(await answerTo('Go on? [y/N] '))) throw new Failure('Nothing was done', EXIT.unconfirmed);
}

/** What is typed; empty when the terminal is left with Ctrl-C or Ctrl-D. */
async function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question).catch(() => '')).trim();
  } finally {
    terminal.close();
  }
}
