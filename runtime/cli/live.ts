/**
 * The live view of `mainstay dev`: on a terminal the plans as a tree that is redrawn in place, elsewhere one line an event.
 * Promises to show what it is given and to decide nothing.
 */
import type { Note } from '../core/effect.ts';
import type { Clock } from '../kit/clock.ts';
import { advance, NO_HISTORY } from './live/history.ts';
import { changeLine, noteLine } from './live/lines.ts';
import type { PlanLook } from './live/look.ts';
import { durationText, picture } from './live/picture.ts';
import { createScreen } from './live/screen.ts';

/** Where the view is shown: `process.stdout`, or what stands for it. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface LiveView {
  /** The plans as they are now: see `lookAt`. */
  update(plans: readonly PlanLook[]): void;
  /** A decision of the scheduler. On a terminal only warnings and errors are shown: the tree shows the rest. */
  note(note: Note): void;
  /** A line of the caller's, which stays. */
  say(text: string): void;
  /** Draws for the last time; nothing is shown afterwards. */
  finish(): void;
}

export interface LiveOptions {
  readonly clock: Clock;
  readonly colors: boolean;
}

/** How soon a change is drawn, and how often the times are. */
const DRAW_MS = 40;
const TICK_MS = 1_000;

export function createLiveView(out: Output, options: LiveOptions): LiveView {
  return out.isTTY && process.env['TERM'] !== 'dumb' ? drawingView(out, options) : writingView(out, options);
}

function drawingView(out: Output, { clock, colors }: LiveOptions): LiveView {
  const columns = () => out.columns || 80;
  const screen = createScreen({
    get columns() {
      return columns();
    },
    write: (text) => out.write(text),
  });
  let history = NO_HISTORY;
  let soon: NodeJS.Timeout | undefined;
  let finished = false;

  function draw(): void {
    clearTimeout(soon);
    soon = undefined;
    // The line below the picture is the cursor's.
    screen.draw(picture(history, clock(), { columns: columns(), rows: (out.rows || 24) - 1, colors }));
  }
  // Follows the running times, and a terminal that changed its size.
  const tick = setInterval(draw, TICK_MS);
  tick.unref();

  const say = (text: string) => {
    if (!finished) screen.above(text);
  };
  return {
    update(plans) {
      if (finished) return;
      ({ history } = advance(history, plans, clock()));
      soon ??= setTimeout(draw, DRAW_MS);
    },
    note(note) {
      if (note.level !== 'info') say(noteLine(note));
    },
    say,
    finish() {
      if (finished) return;
      draw();
      finished = true;
      clearInterval(tick);
    },
  };
}

function writingView(out: Output, { clock }: LiveOptions): LiveView {
  const startedAt = clock();
  let history = NO_HISTORY;
  let finished = false;
  const line = (text: string) => {
    if (!finished) out.write(`${durationText(clock() - startedAt).padStart(6)}  ${text}\n`);
  };
  return {
    update(plans) {
      const { history: next, changes } = advance(history, plans, clock());
      history = next;
      for (const change of changes) line(changeLine(change));
    },
    note: (note) => line(noteLine(note)),
    say: (text) => {
      if (!finished) out.write(`${text}\n`);
    },
    finish() {
      finished = true;
    },
  };
}
