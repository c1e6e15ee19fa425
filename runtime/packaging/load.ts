/**
 * The whole way from a path to a checked service, as every command goes it: folder, package options, environment, definition.
 * Promises a spec or all that is wrong; never decides what to do about it.
 */
import { Mistake } from '../spec/catalogue.ts';
import type { Definition } from '../spec/definition.ts';
import { suggester } from '../spec/nearest.ts';
import { locatorOf, type Problem } from '../spec/problem.ts';
import { typed } from '../spec/scalar.ts';
import type { EndpointTexts, PlanSpecs, ServiceSpec } from '../spec/service.ts';
import type { SourceFile } from '../spec/source.ts';
import { parseService } from '../spec/spec.ts';
import { tagsOf } from '../spec/template.ts';
import { variableReport } from '../spec/variables.ts';
import { type EnvironmentResult, environmentOf } from './environment.ts';
import { readFolder, readOptions } from './folder.ts';
import type { Folder } from './package.ts';
import { templateReader } from './templates.ts';

export interface LoadRequest {
  /** A folder with an svc.yml, or an svc.yml. */
  readonly path: string;
  /** A JSON file with package options. */
  readonly optionsFile?: string;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  /** What `-e` gave. */
  readonly overrides: Readonly<Record<string, string>>;
}

export type LoadResult =
  | {
      ok: true;
      spec: ServiceSpec;
      plans: PlanSpecs;
      endpoints: EndpointTexts;
      /** What the file says, typed and with defaults. */
      definition: Definition;
      /** The YAML that the template became. */
      rendered: string;
      /** What the template was rendered against. */
      env: Readonly<Record<string, string>>;
      /** Names whose value only the package gave. */
      defaultsTaken: readonly string[];
      warnings: Problem[];
    }
  | {
      ok: false;
      /** There when the tags of the template could be filled in. */
      rendered?: string;
      problems: Problem[];
      warnings: Problem[];
    };

export function loadService(request: LoadRequest): LoadResult {
  const texts = readTexts(request);
  if (!texts.ok) return { ...texts, warnings: [] };
  const loaded = serviceOf(texts.folder, environmentIn(texts, request));
  return { ...loaded, warnings: [...loaded.warnings, ...givenForNothing(texts.folder, request.overrides, loaded)] };
}

/** Names that were given by hand and that nobody reads: mostly a slip of the finger. */
export function givenForNothing(
  { service }: Folder,
  overrides: LoadRequest['overrides'],
  loaded: LoadResult,
): Problem[] {
  const asked = [...new Set(tagsOf(service.text).map(({ name }) => name))];
  const suggest = suggester();
  const locate = locatorOf(service);
  const others = askedByEndpoints(service, loaded);
  const names = Object.keys(overrides).filter((name) => !others.has(name));
  return variableReport(service, names).neverUsed.map((name) =>
    locate(Mistake.GivenForNothing(name, suggest(name, asked)), { from: 0, to: 0 }),
  );
}

/** The variables that the templates of endpoints ask for; none of a definition that is wrong. */
export function askedByEndpoints({ file }: SourceFile, loaded: LoadResult): ReadonlySet<string> {
  const templates = loaded.ok ? Object.values(loaded.definition.endpoints) : [];
  const readTemplate = templateReader(file);
  return new Set(
    templates.flatMap(({ template }) => {
      const read = readTemplate(template);
      return read.ok ? tagsOf(read.text).map(({ name }) => name) : [];
    }),
  );
}

/** All that is read from disk before anything is understood. */
export interface Texts {
  readonly folder: Folder;
  /** The file that `--options` names. */
  readonly options?: SourceFile;
}

export function readTexts({
  path,
  optionsFile,
}: LoadRequest): ({ ok: true } & Texts) | { ok: false; problems: Problem[] } {
  const read = readFolder(path);
  if (!read.ok || optionsFile === undefined) return read;
  const options = readOptions(optionsFile);
  return options.ok ? { ...read, options: options.source } : { ok: false, problems: [options.problem] };
}

export function environmentIn({ folder: { universe }, options }: Texts, request: LoadRequest): EnvironmentResult {
  const { processEnv, overrides } = request;
  return environmentOf({ ...(universe ? { universe } : {}), ...(options ? { options } : {}), processEnv, overrides });
}

export function serviceOf({ service }: Folder, environment: EnvironmentResult): LoadResult {
  if (!environment.ok) return { ...environment, warnings: [] };
  const { env, defaultsTaken } = environment;
  const parsed = parseService(service, env, {
    lenient: typed(env['TEMPLATE_LENIENT'] ?? '', 'boolean') === true,
    readTemplate: templateReader(service.file),
  });
  return parsed.ok ? { ...parsed, env, defaultsTaken } : parsed;
}
