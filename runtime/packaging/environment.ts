/**
 * The environment that a template is rendered against. Promises one order for every command, later wins: the package's defaults
 * and options as its Marathon app renders them, the process environment, `-e`. Ports are the caller's to set.
 */
import type { Problem } from '../spec/problem.ts';
import type { SourceFile } from '../spec/source.ts';
import { parseJsonObject } from './json.ts';
import { type AppResult, environmentOfApp, type MarathonApp, renderApp } from './marathon.ts';
import { optionsOf } from './options.ts';
import type { Universe } from './package.ts';

export interface EnvironmentRequest {
  readonly universe?: Universe;
  /** The file that `--options` names. */
  readonly options?: SourceFile;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  /** What `-e` gave. */
  readonly overrides: Readonly<Record<string, string>>;
}

export type EnvironmentResult =
  | {
      ok: true;
      env: Readonly<Record<string, string>>;
      /** Names whose value only the package gave, sorted. */
      defaultsTaken: readonly string[];
    }
  | { ok: false; problems: Problem[] };

/** A name is missing when it is absent from all three; an empty value is a value. */
export function environmentOf({ universe, options, processEnv, overrides }: EnvironmentRequest): EnvironmentResult {
  const rendered = appOf(universe, options);
  if (!rendered.ok) return rendered;
  const packaged = environmentOfApp(rendered.app);
  const given = Object.entries(processEnv).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const env = Object.fromEntries([...Object.entries(packaged), ...given, ...Object.entries(overrides)]);
  const named = new Set([...given.map(([name]) => name), ...Object.keys(overrides)]);
  const defaultsTaken = Object.keys(packaged).filter((name) => !named.has(name));
  return { ok: true, env, defaultsTaken: defaultsTaken.sort() };
}

const NO_APP: MarathonApp = { labels: {}, env: {} };

/** The package's app; an empty one without a package, or without a template in it. */
export function appOf(universe: Universe | undefined, given: SourceFile | undefined): AppResult {
  const options = optionsOf(universe?.config, given);
  if (!options.ok) return options;
  if (!universe?.marathon) return { ok: true, app: NO_APP };
  const resource = universe.resource ? parseJsonObject(universe.resource) : { ok: true as const, json: {} };
  if (!resource.ok) return { ok: false, problems: [resource.problem] };
  return renderApp(universe.marathon, options.options, resource.json);
}
