/** What `bin/mainstay.js` starts: the program with all its commands, on this process's arguments. */
import { clusterCommand } from './cluster.ts';
import { devCommand } from './dev.ts';
import { packageCommand } from './package.ts';
import { previewCommand } from './preview.ts';
import { createProgram, runProgram } from './program.ts';
import { renderCommand } from './render.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { validateCommand } from './validate.ts';

// A reader that has seen enough (`| head`) is no error. The write may have ended a `dev`: its reaper then ends the tasks.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`mainstay: error: the output cannot be written: ${error.message}\n`);
  process.exit(1);
});

process.exitCode =
  (await runProgram(
    createProgram({
      author: [devCommand, validateCommand, renderCommand, packageCommand, schemaCommand, clusterCommand],
      operator: [runCommand, previewCommand],
    }),
    process.argv.slice(2),
  )) || process.exitCode;
