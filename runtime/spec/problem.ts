/**
 * A mistake in a service definition: what it is, where it is, how to mend it. Promises that a problem can be printed without
 * the file it came from; never decides what a mistake is (the catalogue names them, the checks find them).
 */
import { linesOf, type SourceFile, type Span } from './source.ts';

/** What is wrong, without its place: one row of the catalogue, filled in. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

export interface Problem extends Finding {
  readonly file: string;
  /** 1-based. Line 0: the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** What the template's tags there were rendered to. */
  readonly rendered?: string;
  readonly excerpt?: Excerpt;
}

/** The lines to show. */
export interface Excerpt {
  readonly before?: string;
  readonly text: string;
  /** How many characters from `column` on are meant. */
  readonly length: number;
}

/** Puts findings at places of one file. */
export type Locate = (finding: Finding, span: Span, rendered?: string) => Problem;

export function locatorOf(source: SourceFile): Locate {
  const lines = linesOf(source.text);
  return (finding, span, rendered) => {
    const { line, column } = lines.place(span.from);
    const text = lines.line(line) ?? '';
    const before = lines.line(line - 1);
    const length = Math.max(1, Math.min(span.to - span.from, text.length - column + 1));
    return {
      ...finding,
      file: source.file,
      line,
      column,
      ...(rendered === undefined ? {} : { rendered }),
      excerpt: { ...(before === undefined ? {} : { before }), text, length },
    };
  };
}

/** A problem of a file as a whole: it is absent, or no text. */
export function wholeFile(finding: Finding, file: string): Problem {
  return { ...finding, file, line: 0, column: 0 };
}

/** By place; problems of a file as a whole first. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => Number(a.file > b.file) - Number(a.file < b.file) || a.line - b.line || a.column - b.column,
  );
}

const WIDTH = 120;

/** For people: `file:line:column  code  message`, an excerpt with carets, the fix. Ends without a line break. */
export function printProblem(problem: Problem): string {
  const place = problem.line > 0 ? `:${problem.line}:${problem.column}` : '';
  const head = `${problem.file}${place}  ${problem.code}  ${printable(problem.message)}`;
  const remedy = printable(problem.remedy ?? '');
  const excerpt = problem.excerpt;
  if (!excerpt) return remedy ? `${head}\n      ${remedy}` : head;
  // A long line is shown from a little before the mistake.
  const skip = Math.max(0, problem.column + Math.min(excerpt.length, 40) - WIDTH);
  const shown = (line: string) => printable(line.slice(skip, skip + WIDTH));
  const indent = excerpt.text.slice(skip, problem.column - 1).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(excerpt.length, WIDTH - indent.length)));
  const gutter = (line: number) => String(line).padStart(5);
  return [
    head,
    ...(excerpt.before === undefined ? [] : [`${gutter(problem.line - 1)} | ${shown(excerpt.before)}`]),
    `${gutter(problem.line)} | ${shown(excerpt.text)}`,
    `      | ${indent}${carets} ${remedy}`.trimEnd(),
    ...(problem.rendered === undefined ? [] : [`      = rendered as ${shortened(problem.rendered) || 'nothing'}`]),
  ].join('\n');
}

/** A value as it is quoted in a message: on one line, not endless. */
export function shortened(text: string): string {
  const line = printable(text.replace(/\n/g, '\\n'));
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** A terminal must never obey what a file holds. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
}
