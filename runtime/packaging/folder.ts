/**
 * Reads a service's folder from disk. Promises texts or a problem that names the file: absent, too large, or no UTF-8 text; never
 * looks into what it read.
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Mistake } from '../spec/catalogue.ts';
import { type Problem, wholeFile } from '../spec/problem.ts';
import { LARGEST_TEXT, type SourceFile } from '../spec/source.ts';
import type { Folder, Universe } from './package.ts';

export type FileResult = { ok: true; source: SourceFile } | { ok: false; problem: Problem };
export type FolderResult = { ok: true; folder: Folder } | { ok: false; problems: Problem[] };

/** `path` is a folder that holds `svc.yml`, or a definition itself; `universe/` is looked for beside the definition. */
export function readFolder(path: string): FolderResult {
  const definition = statOf(path)?.isDirectory() ? join(path, 'svc.yml') : path;
  const service = readText(definition);
  if (!service.ok) return { ok: false, problems: [service.problem] };

  const universe = join(dirname(definition), 'universe');
  if (!statOf(universe)?.isDirectory()) return { ok: true, folder: { service: service.source } };
  const problems: Problem[] = [];
  const optional = (name: string): SourceFile | undefined => {
    const file = join(universe, name);
    if (!statOf(file)) return undefined;
    const read = readText(file);
    if (!read.ok) problems.push(read.problem);
    return read.ok ? read.source : undefined;
  };
  const files: { [name in keyof Universe]: SourceFile | undefined } = {
    config: optional('config.json'),
    marathon: optional('marathon.json.mustache'),
    resource: optional('resource.json'),
  };
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, folder: { service: service.source, universe: present(files) } };
}

/** A file as text, without a byte order mark. */
export function readText(file: string): FileResult {
  const refused = (finding: Parameters<typeof wholeFile>[0]): FileResult => ({
    ok: false,
    problem: wholeFile(finding, file),
  });
  const stat = statOf(file);
  if (!stat) return refused(Mistake.NoSuchFile('there is no such file'));
  if (!stat.isFile()) return refused(Mistake.NoSuchFile('this is not a file'));
  if (stat.size > LARGEST_TEXT) return refused(Mistake.TooLarge('the file'));
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return refused(Mistake.NoSuchFile(`the file cannot be read: ${(error as Error).message}`));
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return refused(Mistake.NotText(`byte ${nul} is NUL`));
  try {
    return { ok: true, source: { file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) } };
  } catch {
    return refused(Mistake.NotText('it is not UTF-8'));
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // No permission, a name too long, a NUL in the name: for the reader there is no such file.
    return undefined;
  }
}

function present<T extends object>(files: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(files).filter(([, file]) => file !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
