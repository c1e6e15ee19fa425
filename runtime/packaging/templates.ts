/**
 * The config templates of a definition, read from its folder (svc-yml 1.4). Promises texts of that folder alone: neither a path nor a
 * link leads out of it; an absolute path counts from the folder too.
 */
import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Mistake } from '../spec/catalogue.ts';
import type { ReadTemplate } from '../spec/templates.ts';
import { readText } from './folder.ts';

/** `definition`: the path of the svc.yml. */
export function templateReader(definition: string): ReadTemplate {
  const folder = dirname(resolve(definition));
  return (path) => {
    const file = join(folder, path);
    const real = realPath(file);
    if (climbs(folder, file) || (real && climbs(realPath(folder) ?? folder, real))) {
      return { ok: false, finding: Mistake.OutsideFolder(path) };
    }
    const read = readText(file);
    if (read.ok) return { ok: true, text: read.source.text };
    return { ok: false, finding: Mistake.NoSuchTemplate(path, read.problem.message) };
  };
}

function climbs(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way === '..' || way.startsWith(`..${sep}`);
}

/** Undefined: there is no such file, or none that may be read. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
