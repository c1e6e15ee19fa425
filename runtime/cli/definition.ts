/** What every command that reads a definition shares: its options, and the way from them to a checked service. */
import type { Command } from 'commander';
import type { LoadRequest, LoadResult } from '../packaging/load.ts';
import { assignment } from './assignment.ts';

export interface DefinitionOptions {
  readonly options?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly lenient?: true;
}

/** `--options FILE`, `-e NAME=VALUE` and `--lenient`. */
export function withDefinitionOptions(command: Command): Command {
  return command
    .option('--options <file>', 'package options as JSON, laid over the defaults of universe/config.json')
    .option('-e, --env <name=value>', 'set a variable of the template; may be repeated', assignment)
    .option('--lenient', 'a variable without a value is empty, with a warning; as TEMPLATE_LENIENT=true');
}

/** `apiPort` is PORT_API to the template unless the environment has one. */
export function requestFor(path: string, definition: DefinitionOptions, apiPort: number): LoadRequest {
  const { options, env = {}, lenient } = definition;
  return {
    path,
    ...(options === undefined ? {} : { optionsFile: options }),
    processEnv: { PORT_API: String(apiPort), ...process.env },
    overrides: { ...(lenient ? { TEMPLATE_LENIENT: 'true' } : {}), ...env },
  };
}

export async function definitionAt(path: string, options: DefinitionOptions, apiPort: number): Promise<LoadResult> {
  // Loaded when needed: a verb that only asks the API should not wait for the YAML and schema libraries.
  const { loadService } = await import('../packaging/load.ts');
  return loadService(requestFor(path, options, apiPort));
}
