/** Mistakes and warnings as commands print them. Promises warnings apart from mistakes, and for machines one flat list with stable names. */
import { type Problem, printProblem } from '../spec/problem.ts';

/** More than a person reads at once; --json has them all. */
const MOST_SHOWN = 50;

/** Each problem, then how many there are: blocks of text to be joined with newlines. */
export function printedProblems(what: 'mistake' | 'warning', problems: readonly Problem[]): string[] {
  if (problems.length === 0) return [];
  const printed = problems.slice(0, MOST_SHOWN).map((problem) => `${printProblem(problem)}\n`);
  return [
    ...printed,
    `${counted(problems.length, what)}${problems.length > MOST_SHOWN ? `, the first ${MOST_SHOWN} shown` : ''}\n`,
  ];
}

/** One entry of `--json`; line and column are 1-based, 0 for a file as a whole. */
export interface ProblemEntry {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly remedy?: string;
}

export function problemEntries(mistakes: readonly Problem[], warnings: readonly Problem[]): ProblemEntry[] {
  return [
    ...mistakes.map((problem) => entry(problem, 'error')),
    ...warnings.map((problem) => entry(problem, 'warning')),
  ];
}

function entry(
  { file, line, column, code, message, remedy }: Problem,
  severity: ProblemEntry['severity'],
): ProblemEntry {
  return { file, line, column, code, severity, message, ...(remedy ? { remedy } : {}) };
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
