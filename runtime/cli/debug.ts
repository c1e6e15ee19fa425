/** `mainstay debug`: where the field's command line has `config`, `state`, and pause and resume of pods. */
import type { Command } from 'commander';
import { configCommand } from './config.ts';
import { pauseVerbs } from './pod.ts';
import { stateCommand } from './state.ts';

export function debugCommand(program: Command): void {
  const debug = program
    .command('debug')
    .description('config, state and pod pause, under the names that they have in DC/OS');
  configCommand(debug);
  pauseVerbs(debug.command('pod').alias('pods').description('pause and resume pod instances'));
  stateCommand(debug);
}
