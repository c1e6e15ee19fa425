/** What the operator's verbs share: where the scheduler is, and how its answers are printed. */
import { type Command, Option } from 'commander';
import { type AccessOptions, accessOf } from './access.ts';
import { type Client, createClient } from './client.ts';
import { Failure } from './failure.ts';

export interface OperatorOptions extends AccessOptions {
  readonly json?: true;
  readonly yaml?: true;
  readonly verbose?: true;
}

export interface Verb {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Command lines for the help. */
  readonly examples: readonly string[];
}

/** A verb that talks to the scheduler; arguments and action are still to be added. */
export function operatorVerb(group: Command, verb: Verb): Command {
  const command = group
    .command(verb.name)
    .aliases(verb.aliases ?? [])
    .description(verb.summary)
    .addHelpText('after', `\nExamples:\n${verb.examples.map((line) => `  ${line}`).join('\n')}`)
    .addOption(new Option('--json', "print the API's answer as it is").conflicts('yaml'))
    .option('--yaml', "print the API's answer as YAML");
  return withAccessOptions(command);
}

/** Where the scheduler is, and who asks. */
export function withAccessOptions(command: Command): Command {
  for (const option of accessOptions()) command.addOption(option.helpGroup('The scheduler:'));
  return command;
}

/** The same options before a verb, as in DC/OS; the help of each verb has them already. */
export function withGlobalAccessOptions(program: Command): Command {
  for (const option of accessOptions()) program.addOption(option.hideHelp());
  return program.enablePositionalOptions();
}

function accessOptions(): Option[] {
  return [
    new Option(
      '--url <url>',
      "its address, also behind DC/OS: https://cluster/service/name (default: MAINSTAY_URL's, else http://127.0.0.1:8080)",
    ),
    new Option('--name <service>', 'the service of this name in the DC/OS cluster that dcos is attached to').conflicts(
      'url',
    ),
    new Option(
      '--token-file <file>',
      'who asks: a file with a token; else MAINSTAY_TOKEN, MAINSTAY_TOKEN_FILE, or the token of dcos',
    ),
    new Option('--ca <file>', 'PEM of who signs the certificate of https; else MAINSTAY_CA_FILE'),
    new Option('-v, --verbose', 'show requests and answers on stderr'),
  ];
}

/** The scheduler that the command's options name, behind the verb or before it. */
export function clientOf(command: Command): Client {
  const { verbose, ...access } = { ...command.optsWithGlobals<OperatorOptions>(), ...command.opts<OperatorOptions>() };
  return createClient(accessOf(access), verbose ? (text) => printError(command, text) : undefined);
}

/** Prints to where the program was told to print, with a newline. */
export function print(command: Command, text: string): void {
  command.configureOutput().writeOut?.(`${text}\n`);
}

export function printError(command: Command, text: string): void {
  command.configureOutput().writeErr?.(`${text}\n`);
}

/** An answer as it was asked for: as it is, as YAML, or in words; without words, as JSON indented by 2. */
export async function printAnswer(
  command: Command,
  body: string,
  options: OperatorOptions,
  words: (value: unknown) => string = (value) => JSON.stringify(value, null, 2),
): Promise<void> {
  if (options.json) print(command, body);
  else if (options.yaml) print(command, await yamlText(parsed(body)));
  else print(command, words(parsed(body)));
}

/** Loaded when needed: a verb that only asks the API should not wait for the library. */
export async function yamlText(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value).trimEnd();
}

/** The answer's data; a `Failure` when it is no JSON, as from a server that is not ours. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Failure(`The answer is not JSON: is --url the address of a scheduler? It says:\n${body.slice(0, 500)}`);
  }
}
