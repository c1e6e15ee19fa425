/** `mainstay schema`: the JSON Schema of svc.yml, for editors. Promises the very file that the reader goes by. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { print } from './operator.ts';

/** Two folders above in the sources, in the build and in the bundle. */
const file = fileURLToPath(new URL('../../schema/svc.schema.json', import.meta.url));

const HELP = `
An editor with a YAML language server (VS Code: the extension "YAML" of Red Hat) completes and explains fields once it knows the schema.
Put this into the first line of svc.yml:
  # yaml-language-server: $schema=./svc.schema.json

Examples:
  $ mainstay schema > svc.schema.json
  $ mainstay schema --path`;

export function schemaCommand(program: Command): void {
  const command = program
    .command('schema')
    .summary('print the JSON Schema of svc.yml, for editors')
    .description(
      'Prints the JSON Schema (draft-07) of a rendered svc.yml, with title, description, default and example of each field.',
    )
    .option('--path', 'print where the file is instead')
    .addHelpText('after', HELP)
    .action(async (options: { path?: true }) => {
      print(command, options.path ? file : (await readFile(file, 'utf8')).trimEnd());
    });
}
