/**
 * The helper that tasks run before their command, as text to be served. Promises the very file that ships; it is run in
 * sandboxes alone, never here.
 */
import { readFileSync } from 'node:fs';

/** The POSIX shell script `bootstrap` (docs/bootstrap.md), which stands beside this module in the sources and in the build. */
export const bootstrapScript: string = readFileSync(new URL('./bootstrap', import.meta.url), 'utf8');
