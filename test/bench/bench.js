/**
 * `npm run bench`: times the built program and prints a table. It promises medians with their spread from interleaved runs of real
 * processes; it never judges a number, and leaves no process and no file behind, also when it is interrupted.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BadArguments, HELP, readArguments } from './arguments.js';
import { cases } from './cases.js';
import { measure } from './measure.js';
import { onStage } from './stage.js';
import { summaryOf } from './summary.js';
import { caseTable, comparisonTable, list } from './table.js';

const ROOT = resolve(import.meta.dirname, '../..');

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // Asked again, it does not wait for what it started: the stage's last resort ends that.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort(new Error('interrupted'));
  });
}

try {
  await bench(readArguments(process.argv.slice(2), cases));
} catch (error) {
  const { signal } = interruption;
  console.error(`bench: ${(signal.aborted ? signal.reason : error).message}`);
  if (error instanceof BadArguments) console.error('Try --help.');
  process.exitCode = signal.aborted ? 130 : 1;
}

async function bench({ help, listOnly, chosen, runs, json, compare }) {
  if (help) return console.log(HELP);
  if (listOnly) return console.log(list(cases));

  const checkouts = [ROOT, ...(compare === undefined ? [] : [resolve(compare)])];
  for (const checkout of checkouts) assertBuilt(checkout);
  const subjects = chosen
    .filter(canRun)
    .flatMap((measured) => checkouts.map((checkout, side) => ({ measured, checkout, side, samples: [] })));

  await measure(subjects, runs, async ({ measured, checkout }, round) => {
    const sample = await onStage(checkout, interruption.signal, measured.run);
    const progress = round === 0 ? 'warm-up' : `run ${round} of ${runs}`;
    const where = checkouts.length === 1 ? '' : `  ${checkout}`;
    console.error(`${progress}  ${measured.name}  ${sample.toFixed(1)} ${measured.unit}${where}`);
    return sample;
  });

  const [ours, theirs] = checkouts.map((_, side) =>
    subjects.filter((subject) => subject.side === side).map((subject) => summaryOf(subject)),
  );
  console.log(theirs ? comparisonTable(ours, theirs) : caseTable(ours));
  if (json === undefined) return;
  const compared = theirs && { directory: checkouts[1], cases: theirs };
  writeFileSync(json, `${JSON.stringify({ cases: ours, compared }, null, 2)}\n`);
}

/** A case that this machine cannot run is named and passed over. */
function canRun({ name, missing }) {
  const why = missing?.();
  if (why) console.error(`skipped  ${name}  ${why}`);
  return why === undefined;
}

function assertBuilt(checkout) {
  if (!existsSync(join(checkout, 'bin/mainstay.js'))) throw new BadArguments(`${checkout} is no checkout of Mainstay`);
  if (!existsSync(join(checkout, 'dist/cli/entry.js')))
    throw new Error(`${checkout} is not built: npm run build there`);
}
