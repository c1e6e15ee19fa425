/**
 * The definitions in test/corpus, each on one theme. Comments in front say how a file is read: `# with NAME=value` sets a variable,
 * `# lenient` lets variables without a value pass.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { templateReader } from '../../../runtime/packaging/templates.ts';
import { parseService, type ServiceResult } from '../../../runtime/spec/spec.ts';

export interface Sample {
  readonly name: string;
  readonly text: string;
  /** What is expected of it, beside it. */
  readonly golden: string;
  /** The answer to this text in place of the file's own. */
  parse(text?: string): ServiceResult;
}

export function samples(kind: 'valid' | 'invalid'): Sample[] {
  const folder = fileURLToPath(new URL(`../../corpus/${kind}/`, import.meta.url));
  const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  return names.sort().map((name) => {
    const path = `${folder}${name}`;
    const own = readFileSync(path, 'utf8');
    const env = Object.fromEntries(
      [...own.matchAll(/^# with ([^=\n]+)=(.*)$/gm)].map(([, key, value]) => [key, value]),
    );
    const lenient = /^# lenient$/m.test(own);
    return {
      name: basename(name, '.yml'),
      text: own,
      golden: path.replace(/\.yml$/, '.txt'),
      parse: (text = own) => parseService({ file: name, text }, env, { lenient, readTemplate: templateReader(path) }),
    };
  });
}
