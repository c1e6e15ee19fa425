/**
 * Everything that can be wrong with a package by itself. Promises all mistakes of all its files at once, and its content once there are
 * none; never looks at svc.yml.
 */
import { basename, join } from 'node:path';
import { Mistake } from '../spec/catalogue.ts';
import { dotted } from '../spec/pointer.ts';
import { inOrder, locatorOf, type Problem, wholeFile } from '../spec/problem.ts';
import type { SourceFile } from '../spec/source.ts';
import { type JsonObject, type JsonResult, parseJsonObject, placesIn } from './json.ts';
import { type MarathonApp, renderApp } from './marathon.ts';
import { metadataViolations } from './metadata.ts';
import { optionsOf } from './options.ts';
import type { Universe } from './package.ts';
import { referenceProblems } from './references.ts';
import { resourceViolations } from './resources.ts';
import type { Violation } from './violations.ts';

/** A package without mistakes, with its app as it is for these options. */
export interface Package {
  readonly path: string;
  readonly metadata: Metadata;
  /** The schema of the options. */
  readonly config?: JsonObject;
  readonly resource?: JsonObject;
  readonly template: SourceFile;
  readonly app: MarathonApp;
  /** What was given beside the defaults. */
  readonly given: JsonObject;
}

export interface Metadata extends JsonObject {
  readonly packagingVersion: string;
  readonly name: string;
  readonly version: string;
  /** Seconds since 1970. */
  readonly lastUpdated?: number;
}

export type PackageResult =
  | { ok: true; package: Package; warnings: Problem[] }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

/** `options`: the file that `--options` names. */
export function checkPackage(universe: Universe, options?: SourceFile): PackageResult {
  const { config, marathon } = universe;
  const [metadata, schema, resource] = [parsed(universe.metadata), parsed(config), parsed(universe.resource)];
  const chosen = optionsOf(config, options);
  const app = marathon && chosen.ok && resource.ok ? renderApp(marathon, chosen.options, resource.json) : undefined;
  const problems = [
    ...REQUIRED.filter(([part]) => !universe[part]).map(([, name]) =>
      wholeFile(Mistake.NoPackageFile(`the package has no ${name}`), join(universe.path, name)),
    ),
    ...judged(universe.metadata, metadata, metadataViolations),
    ...judged(universe.resource, resource, resourceViolations),
    ...(chosen.ok ? [] : chosen.problems),
    ...(app && !app.ok ? app.problems : []),
    ...(marathon && app?.ok && !app.app['id']
      ? [locatorOf(marathon)(Mistake.NotAnApp('it has no id', ID), START)]
      : []),
  ];
  const warnings = universe.others.map((file) => wholeFile(Mistake.NoPartOfPackage(basename(file)), file));
  if (config && marathon && schema.ok && resource.ok) {
    const options = { file: config, schema: schema.json };
    warnings.push(...referenceProblems(marathon, options, resource.json));
  }
  if (problems.length > 0 || !metadata.ok || !schema.ok || !resource.ok || !chosen.ok || !app?.ok || !marathon) {
    return { ok: false, problems: inOrder(problems), warnings: inOrder(warnings) };
  }
  const content = {
    path: universe.path,
    metadata: metadata.json as Metadata,
    template: marathon,
    app: app.app,
    given: chosen.given,
    ...(config ? { config: schema.json } : {}),
    ...(universe.resource ? { resource: resource.json } : {}),
  };
  return { ok: true, package: content, warnings: inOrder(warnings) };
}

const REQUIRED = [
  ['metadata', 'package.json'],
  ['marathon', 'marathon.json.mustache'],
] as const;

const ID = 'add "id": "{{service.name}}"';
const START = { from: 0, to: 1 };

/** A file that is not there says nothing. */
function parsed(file: SourceFile | undefined): JsonResult {
  return file ? parseJsonObject(file) : { ok: true, json: {} };
}

function judged(
  file: SourceFile | undefined,
  content: JsonResult,
  violationsOf: (content: JsonObject) => readonly Violation[],
): Problem[] {
  if (!file) return [];
  if (!content.ok) return [content.problem];
  const [locate, placeOf] = [locatorOf(file), placesIn(file)];
  return violationsOf(content.json).map(({ pointer, rule, remedy }) =>
    locate(Mistake.BadPackageField(dotted(pointer), rule, remedy), placeOf(pointer) ?? START),
  );
}
