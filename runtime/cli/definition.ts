/** What every command that reads a definition shares: its options, and the way from them to a checked service. */
import { type Command, InvalidArgumentError } from 'commander';
import { type LoadResult, loadService } from '../packaging/load.ts';

export interface DefinitionOptions {
  readonly options?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** `--options FILE` and `-e NAME=VALUE`. */
export function withDefinitionOptions(command: Command): Command {
  return command
    .option('--options <file>', 'package options as JSON, laid over the defaults of universe/config.json')
    .option('-e, --env <name=value>', 'set a variable of the template; may be repeated', assignment);
}

/** Collects `-e NAME=VALUE`; the value may be empty and may hold `=`. */
export function assignment(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('write it as NAME=VALUE.');
  return Object.fromEntries([...Object.entries(before), [text.slice(0, at), text.slice(at + 1)]]);
}

/** `apiPort` is PORT_API to the template unless the environment has one. */
export function definitionAt(path: string, { options, env = {} }: DefinitionOptions, apiPort: number): LoadResult {
  return loadService({
    path,
    ...(options === undefined ? {} : { optionsFile: options }),
    processEnv: { PORT_API: String(apiPort), ...process.env },
    overrides: env,
  });
}
