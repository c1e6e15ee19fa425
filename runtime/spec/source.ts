/**
 * A text that people edit, and places in it. Promises 1-based lines and columns for any offset; never reads files (texts are
 * handed in).
 */

export interface SourceFile {
  /** The path as its author would type it; printed in front of every problem. */
  readonly file: string;
  readonly text: string;
}

/** Characters: the stored form of a definition has to fit one ZooKeeper node (1 MiB). */
export const LARGEST_TEXT = 1024 * 1024;

/** Offsets into a text, end exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text with its line starts known, so that many places can be looked up cheaply. */
export interface Lines {
  place(offset: number): Place;
  /** The text of a line without its line break; undefined when there is no such line. */
  line(number: number): string | undefined;
}

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    place(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
    line(number) {
      const start = starts[number - 1];
      if (start === undefined) return undefined;
      return text.slice(start, starts[number] ?? text.length).replace(/\r?\n$/, '');
    },
  };
}
