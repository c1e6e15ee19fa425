/** The one colour code of a status, wherever it is shown. Promises that without colours the text is left alone. */
import type { Command } from 'commander';
import pc from 'picocolors';

/** What a piece of text means to the eye. */
export type Tone = 'plain' | 'faint' | 'good' | 'busy' | 'held' | 'bad';

const TONES: Readonly<Record<string, Tone>> = {
  COMPLETE: 'good',
  RUNNING: 'good',
  FINISHED: 'good',
  PENDING: 'faint',
  PREPARED: 'held',
  WAITING: 'held',
  DELAYED: 'held',
  PAUSED: 'held',
  PAUSING: 'busy',
  DECOMMISSIONING: 'busy',
  STARTING: 'busy',
  STAGING: 'busy',
  STARTED: 'busy',
  IN_PROGRESS: 'busy',
  ERROR: 'bad',
  FAILED: 'bad',
  LOST: 'bad',
  UNREACHABLE: 'bad',
};

/** The tone of a plan's, step's or task's status. */
export function statusTone(status: string): Tone {
  return TONES[status] ?? 'plain';
}

export function paint(text: string, tone: Tone, colors: boolean): string {
  const c = pc.createColors(colors);
  switch (tone) {
    case 'plain':
      return text;
    case 'faint':
      return c.dim(text);
    case 'good':
      return c.green(text);
    case 'busy':
      return c.cyan(text);
    case 'held':
      return c.yellow(text);
    case 'bad':
      return c.red(text);
  }
}

export function paintStatus(status: string, colors: boolean): string {
  return paint(status, statusTone(status), colors);
}

/** Whether the program's output shows colours: a terminal, and not NO_COLOR. */
export function colorsOf(command: Command): boolean {
  return command.configureOutput().getOutHasColors?.() ?? false;
}
