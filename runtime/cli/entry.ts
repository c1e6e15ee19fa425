/** What `bin/mainstay.js` starts: the program with all its commands, on this process's arguments. */
import { clusterCommand } from './cluster.ts';
import { devCommand } from './dev.ts';
import { createProgram, runProgram } from './program.ts';
import { runCommand } from './run.ts';
import { validateCommand } from './validate.ts';

process.exitCode =
  (await runProgram(
    createProgram({ author: [devCommand, validateCommand, clusterCommand], operator: [runCommand] }),
    process.argv.slice(2),
  )) || process.exitCode;
