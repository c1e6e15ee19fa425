/**
 * The helper that tasks run before their command, as text to be served. Promises the very file that ships; it is run in
 * sandboxes alone, never here.
 */
import { readFileSync } from 'node:fs';

/** The POSIX shell script `bootstrap` (docs/bootstrap.md). Named so that it is found from the sources, the build and the bundle alike. */
export const bootstrapScript: string = readFileSync(new URL('../bootstrap/bootstrap', import.meta.url), 'utf8');
