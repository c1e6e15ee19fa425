/**
 * The command line of the benchmark. Promises the cases to run and how, or `BadArguments` with a sentence that says what would be
 * right; never touches anything.
 */
import { parseArgs } from 'node:util';

export class BadArguments extends Error {
  name = 'BadArguments';
}

export const HELP = `Usage: npm run bench -- [options]

Times the built program (npm run build) on this machine and prints median, min and max of each case.

  --only NAME     run this case; may be repeated
  --runs N        measured runs of each case, after one warm-up (default 5)
  --json FILE     also write the numbers to FILE
  --compare DIR   run the cases on another built checkout too, in turns, and print both medians and their ratio
  --list          say which cases there are, and what they measure
  --help          this text`;

const OPTIONS = {
  only: { type: 'string', multiple: true },
  runs: { type: 'string', default: '5' },
  json: { type: 'string' },
  compare: { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** `chosen` are the cases to run, in the order of `cases`. */
export function readArguments(argv, cases) {
  const { only, runs, json, compare, list, help } = parse(argv);
  const names = cases.map(({ name }) => name);
  for (const name of only ?? []) {
    if (!names.includes(name)) throw new BadArguments(`no case is called "${name}"; there are ${names.join(', ')}`);
  }
  if (!/^[1-9]\d*$/.test(runs)) throw new BadArguments(`--runs is "${runs}"; expected a number from 1`);
  const chosen = only ? cases.filter(({ name }) => only.includes(name)) : cases;
  return { help, listOnly: list, chosen, runs: Number(runs), json, compare };
}

function parse(args) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new BadArguments(error.message);
  }
}
