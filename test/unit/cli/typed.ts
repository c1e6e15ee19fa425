/** A command line as a person types it, with what it printed and its exit code. */
import type { Command } from 'commander';
import { createProgram, type Register, runProgram } from '../../../runtime/cli/program.ts';

export async function typed(argv: readonly string[], ...commands: Register[]) {
  const printed = { out: '', err: '' };
  const program = createProgram({ author: commands, operator: [] });
  capture(program, printed);
  const code = await runProgram(program, argv);
  return { code, ...printed };
}

/** Every command has a copy of the settings of its parent. */
function capture(command: Command, printed: { out: string; err: string }): void {
  command.configureOutput({
    writeOut: (text) => {
      printed.out += text;
    },
    writeErr: (text) => {
      printed.err += text;
    },
    getOutHasColors: () => false,
  });
  for (const sub of command.commands) capture(sub, printed);
}
