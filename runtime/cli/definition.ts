/** Loads a service for a command that runs it: prints every mistake and warning the way `validate` does. */
import type { Command } from 'commander';
import { loadService } from '../packaging/load.ts';
import { printProblem } from '../spec/problem.ts';
import type { ServiceSpec } from '../spec/service.ts';

export interface DefinitionOptions {
  options?: string;
  env: Record<string, string>;
}

/** `--options FILE` and `-e K=V`, the same for every command that reads a definition. */
export function withDefinitionOptions(command: Command): Command {
  return command
    .option('--options <file>', 'package options as JSON, laid over the defaults of universe/config.json')
    .option('-e, --env <K=V>', 'a variable for the template; wins over the environment and the package', collect, {});
}

function collect(pair: string, before: Record<string, string>): Record<string, string> {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new Error(`-e wants NAME=VALUE, and "${pair}" is not`);
  return { ...before, [pair.slice(0, equals)]: pair.slice(equals + 1) };
}

export type Definition =
  | { ok: true; spec: ServiceSpec; env: Readonly<Record<string, string>>; defaultsTaken: readonly string[]; warnings: string[] }
  | { ok: false; errors: string[]; warnings: string[] };

export function definitionFrom(path: string, options: DefinitionOptions): Definition {
  const loaded = loadService({
    path,
    ...(options.options === undefined ? {} : { optionsFile: options.options }),
    processEnv: process.env,
    overrides: options.env,
  });
  const warnings = loaded.warnings.map(printProblem);
  return loaded.ok ? { ...loaded, warnings } : { ok: false, errors: loaded.problems.map(printProblem), warnings };
}
