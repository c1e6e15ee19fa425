/**
 * The command line as a whole: all commands, the help, the exit codes. Promises that a mistake of the user ends with one text on
 * stderr and an exit code above 0, and never with a stack.
 */
import { Command, CommanderError } from 'commander';
import { completionCommand } from './completion.ts';
import { configCommand } from './config.ts';
import { debugCommand } from './debug.ts';
import { diagnosticsCommand } from './diagnostics.ts';
import { endpointsCommand } from './endpoints.ts';
import { Failure } from './failure.ts';
import { printError, withGlobalAccessOptions } from './operator.ts';
import { planCommand } from './plan.ts';
import { podCommand } from './pod.ts';
import { stateCommand } from './state.ts';
import { describeCommand, updateCommand } from './update.ts';
import { version } from './version.ts';
import { whyCommand } from './why.ts';

/** Adds a command to the program. */
export type Register = (program: Command) => void;

export interface Commands {
  /** For those who write a service and try it. */
  readonly author: readonly Register[];
  /** For those who run one, beside the verbs that only talk to a scheduler. */
  readonly operator: readonly Register[];
}

export function createProgram(commands: Commands): Command {
  const program = new Command('mainstay')
    .description('Runs a stateful service on Apache Mesos from one svc.yml.')
    .version(version(), '-V, --version')
    .helpOption('-h, --help', 'explain a command')
    .exitOverride()
    .showHelpAfterError('Try mainstay --help.')
    .configureOutput({ outputError: (text, write) => write(`mainstay: ${text}`) })
    .addHelpText('after', CLOSING);
  withGlobalAccessOptions(program).commandsGroup('For authors:');
  for (const register of commands.author) register(program);
  program.commandsGroup('For operators:');
  for (const register of [...commands.operator, ...OPERATOR]) register(program);
  program.commandsGroup('Help:').helpCommand('help [command]', 'explain a command');
  completionCommand(program);
  return program;
}

/** The verbs that only talk to a scheduler, in the order of the help. */
const OPERATOR: readonly Register[] = [
  planCommand,
  podCommand,
  whyCommand,
  endpointsCommand,
  updateCommand,
  describeCommand,
  configCommand,
  stateCommand,
  debugCommand,
  diagnosticsCommand,
];

const CLOSING = `
Exit codes: 0 done; 1 not done, stderr says why; 2 not confirmed, nothing was done. Some commands have more: see their --help.
Start here: mainstay dev frameworks/data-store`;

/** Runs the command that `argv` (without node and script) names; resolves to the exit code. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(argv, { from: 'user' });
    // A command may end in order and still have set a code, as validate does.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Help, the version and what is wrong with the command line are printed already.
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof Failure)) throw error;
    printError(program, `mainstay: error: ${error.message}`);
    return error.code;
  }
}
