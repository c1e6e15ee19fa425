/**
 * A folder seen with an author's eyes: the service, its package, and whether the two fit together. Promises every mistake and warning
 * of all files, each once; never contacts anything.
 */
import { Mistake } from '../spec/catalogue.ts';
import { inOrder, locatorOf, type Problem } from '../spec/problem.ts';
import type { SourceFile } from '../spec/source.ts';
import { variableReport } from '../spec/variables.ts';
import { checkPackage } from './check.ts';
import { appOf } from './environment.ts';
import {
  askedByEndpoints,
  environmentIn,
  givenForNothing,
  type LoadRequest,
  type LoadResult,
  readTexts,
  serviceOf,
  type Texts,
} from './load.ts';

/** As `loadService`, over the files of the package too. */
export function inspectFolder(request: LoadRequest): LoadResult {
  const texts = readTexts(request);
  if (!texts.ok) return { ...texts, warnings: [] };
  const environment = environmentIn(texts, request);
  const read = serviceOf(texts.folder, environment);
  const given = givenForNothing(texts.folder, request.overrides, read);
  const service = { ...read, warnings: [...read.warnings, ...given] };
  const { universe } = texts.folder;
  if (!universe) return service;

  const packaged = checkPackage(universe, texts.options);
  const known = environment.ok ? Object.keys(environment.env) : undefined;
  const warnings = once([
    ...service.warnings,
    ...packaged.warnings,
    ...(known ? variableWarnings(texts, known, read) : []),
  ]);
  const problems = once([...(packaged.ok ? [] : packaged.problems), ...(service.ok ? [] : service.problems)]);
  if (service.ok && problems.length === 0) return { ...service, warnings };
  return { ok: false, problems, warnings: warnings.filter((warning) => !isAmong(warning, problems)) };
}

/** `known`: all names that have a value. */
function variableWarnings(
  { folder: { service, universe }, options }: Texts,
  known: readonly string[],
  read: LoadResult,
): Problem[] {
  const app = appOf(universe, options);
  const marathon = universe?.marathon;
  if (!marathon || !app.ok) return [];
  const others = askedByEndpoints(service, read);
  const packaged = Object.keys(app.app.env).filter((name) => !others.has(name));
  const { neverSet, neverUsed } = variableReport(service, packaged, [...known, ...namesIn(marathon)]);
  const locate = locatorOf(marathon);
  const unused = neverUsed.map((name) => {
    const from = Math.max(0, marathon.text.indexOf(`"${name}"`));
    return locate(Mistake.UnusedVariable(name), { from, to: from + name.length + 2 });
  });
  return [...neverSet, ...unused];
}

/** What the app sets with other options than these, too: a hidden section sets its variables for those who ask for it. */
function namesIn({ text }: SourceFile): string[] {
  return [...text.matchAll(/"(\w+)"\s*:/g)].map(([, name = '']) => name);
}

function once(problems: readonly Problem[]): Problem[] {
  return inOrder([...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]);
}

/** A variable without a value is a mistake where it is needed, and need not be warned of. */
function isAmong({ file, line, column }: Problem, problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.file === file && problem.line === line && problem.column === column);
}
