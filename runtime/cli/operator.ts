/** What the operator's verbs share: where the scheduler is, and how its answers are printed. */
import { type Command, Option } from 'commander';
import { type Client, createClient } from './client.ts';
import { Failure } from './failure.ts';

export interface OperatorOptions {
  readonly url: string;
  readonly json?: true;
}

export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** Command lines for the help. */
  readonly examples: readonly string[];
}

/** A verb that talks to the scheduler; arguments and action are still to be added. */
export function operatorVerb(group: Command, verb: Verb): Command {
  return group
    .command(verb.name)
    .description(verb.summary)
    .addHelpText('after', `\nExamples:\n${verb.examples.map((line) => `  ${line}`).join('\n')}`)
    .addOption(
      new Option('--url <url>', "the scheduler's address").env('MAINSTAY_URL').default('http://127.0.0.1:8080'),
    )
    .option('--json', "print the API's answer as it is");
}

export function clientOf(options: OperatorOptions): Client {
  return createClient(options.url);
}

/** Prints to where the program was told to print, with a newline. */
export function print(command: Command, text: string): void {
  command.configureOutput().writeOut?.(`${text}\n`);
}

export function printError(command: Command, text: string): void {
  command.configureOutput().writeErr?.(`${text}\n`);
}

/** A JSON answer for a person: indented by 2, or as it is when that was asked for. */
export function printJson(command: Command, body: string, options: OperatorOptions): void {
  print(command, options.json ? body : JSON.stringify(parsed(body), null, 2));
}

/** The answer's data; a `Failure` when it is no JSON, as from a server that is not ours. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Failure(`The answer is not JSON: is --url the address of a scheduler? It says:\n${body.slice(0, 500)}`);
  }
}
