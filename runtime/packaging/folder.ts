/**
 * Reads a service's folder from disk. Promises texts or a problem that names the file: absent, too large, or no UTF-8 text; never
 * looks into what it read.
 */
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Mistake } from '../spec/catalogue.ts';
import { type Finding, type Problem, wholeFile } from '../spec/problem.ts';
import { LARGEST_TEXT, type SourceFile } from '../spec/source.ts';
import type { Folder, Universe } from './package.ts';

export type FileResult = { ok: true; source: SourceFile } | { ok: false; problem: Problem };
export type FolderResult = { ok: true; folder: Folder } | { ok: false; problems: Problem[] };
export type UniverseResult = { ok: true; universe: Universe } | { ok: false; problems: Problem[] };

/** `path` is a folder that holds `svc.yml`, or a definition itself; `universe/` is looked for beside the definition. */
export function readFolder(path: string): FolderResult {
  const definition = statOf(path)?.isDirectory() ? join(path, 'svc.yml') : path;
  const service = readText(definition);
  if (!service.ok) return { ok: false, problems: [withHint(service.problem, path, definition)] };

  const universe = join(dirname(definition), 'universe');
  if (!statOf(universe)?.isDirectory()) return { ok: true, folder: { service: service.source } };
  const packaged = readPackage(universe);
  if (!packaged.ok) return packaged;
  return { ok: true, folder: { service: service.source, universe: packaged.universe } };
}

/** `path` is a folder with `universe/`, or the folder of a package itself. */
export function readUniverse(path: string): UniverseResult {
  const within = join(path, 'universe');
  if (statOf(within)?.isDirectory()) return readPackage(within);
  if (statOf(join(path, 'package.json')) || statOf(join(path, 'marathon.json.mustache'))) return readPackage(path);
  const reason = statOf(path)?.isDirectory() ? 'there is no package in this folder' : 'there is no such folder';
  return { ok: false, problems: [wholeFile(Mistake.NoPackageFile(reason), path)] };
}

const FILES = {
  metadata: 'package.json',
  config: 'config.json',
  marathon: 'marathon.json.mustache',
  resource: 'resource.json',
} as const;

function readPackage(path: string): UniverseResult {
  const names = readdirSync(path).sort();
  const parts = Object.entries(FILES)
    .filter(([, name]) => names.includes(name))
    .map(([part, name]) => [part, readPart(join(path, name), 'make it a readable file')] as const);
  const problems = parts.flatMap(([, file]) => (file.ok ? [] : [file.problem]));
  if (problems.length > 0) return { ok: false, problems };
  const sources = Object.fromEntries(parts.flatMap(([part, file]) => (file.ok ? [[part, file.source]] : [])));
  const others = names.filter((name) => !Object.values<string>(FILES).includes(name)).map((name) => join(path, name));
  return { ok: true, universe: { path, others, ...sources } };
}

/** The file that `--options` names. */
export function readOptions(file: string): FileResult {
  return readPart(file, 'name a JSON file with --options, or leave it out');
}

/** A file that belongs to a definition, as text without a byte order mark. */
export function readText(file: string): FileResult {
  return read(file, { unreadable: Mistake.NoSuchFile, tooLarge: Mistake.TooLarge('the file') });
}

function readPart(file: string, remedy: string): FileResult {
  return read(file, { unreadable: (reason) => Mistake.NoSuchPart(reason, remedy), tooLarge: Mistake.TooLargePart() });
}

interface Refusals {
  readonly unreadable: (reason: string) => Finding;
  readonly tooLarge: Finding;
}

function read(file: string, refusals: Refusals): FileResult {
  const refused = (finding: Finding): FileResult => ({ ok: false, problem: wholeFile(finding, file) });
  const unreadable = (reason: string) => refused(refusals.unreadable(reason));
  const stat = statOf(file);
  if (!stat) return unreadable('there is no such file');
  if (!stat.isFile()) return unreadable('this is not a file');
  if (stat.size > LARGEST_TEXT) return refused(refusals.tooLarge);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return unreadable(`the file cannot be read: ${(error as Error).message}`);
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return refused(Mistake.NotText(`byte ${nul} is NUL`));
  try {
    return { ok: true, source: { file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) } };
  } catch {
    return refused(Mistake.NotText('it is not UTF-8'));
  }
}

/** Names that people give a definition by mistake. */
const ALMOST = ['svc.yaml', 'service.yml', 'service.yaml', 'svc.yml.mustache'];

/** A folder without an svc.yml may have one by another name. */
function withHint(problem: Problem, path: string, definition: string): Problem {
  const found = path === definition || statOf(definition) ? undefined : ALMOST.find((name) => statOf(join(path, name)));
  if (!found) return problem;
  return { ...problem, remedy: `rename ${found} to svc.yml, or name that file itself: ${join(path, found)}` };
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // No permission, a name too long, a NUL in the name: for the reader there is no such file.
    return undefined;
  }
}
