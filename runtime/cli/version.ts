/** The version of the program: that of its package. */
import { readFileSync } from 'node:fs';

/** The file lies two folders above, both in the sources and in the build. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
