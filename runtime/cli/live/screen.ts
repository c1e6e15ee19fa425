/**
 * The lowest lines of a terminal, drawn over and over in place while other text scrolls by above. Promises one write a picture,
 * which overwrites and never clears first, so nothing flickers.
 */
import { stripVTControlCharacters } from 'node:util';

export interface Terminal {
  readonly columns: number;
  write(text: string): void;
}

export interface Screen {
  /** Replaces what was drawn. No line may be wider than the terminal. */
  draw(lines: readonly string[]): void;
  /** Puts text above what is drawn. */
  above(text: string): void;
}

const UP = (lines: number) => (lines > 0 ? `\x1b[${lines}A\r` : '\r');
const CLEAR_TO_END_OF_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
/** Terminals that know it show what is between all at once; the others ignore it. */
const TOGETHER = (text: string) => `\x1b[?2026h${text}\x1b[?2026l`;

export function createScreen(terminal: Terminal): Screen {
  let drawn: readonly string[] = [];

  /** Rows that the picture takes now: a terminal made narrower since has wrapped its lines. */
  function height(): number {
    const rows = (line: string) => Math.max(Math.ceil(stripVTControlCharacters(line).length / terminal.columns), 1);
    return drawn.reduce((sum, line) => sum + rows(line), 0);
  }

  const text = (lines: readonly string[]) => lines.map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`).join('');

  return {
    draw(lines) {
      if (lines.length === drawn.length && lines.every((line, at) => line === drawn[at])) return;
      terminal.write(TOGETHER(UP(height()) + text(lines) + CLEAR_BELOW));
      drawn = lines;
    },
    above(added) {
      terminal.write(TOGETHER(UP(height()) + text(added.split('\n')) + text(drawn) + CLEAR_BELOW));
    },
  };
}
