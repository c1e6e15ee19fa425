/**
 * `mainstay validate`: are this definition and its package right, and what would they run? Promises exit code 0 and one line, or 1 and
 * every mistake with its fix; never contacts anything.
 */
import type { Command } from 'commander';
import type { LoadResult } from '../packaging/load.ts';
import type { ServiceSpec } from '../spec/service.ts';
import { type DefinitionOptions, requestFor, withDefinitionOptions } from './definition.ts';
import { print } from './operator.ts';
import { counted, printedProblems, problemEntries } from './problems.ts';

interface ValidateOptions extends DefinitionOptions {
  readonly json?: boolean;
}

const HELP = `
Examples:
  $ mainstay validate frameworks/data-store -e DATA_COUNT=5
  frameworks/data-store is valid: service data-store, 2 pods, 2 tasks, 7 instances

  $ mainstay validate frameworks/data-store --json | jq -r '.[] | "\\(.file):\\(.line): \\(.message)"'

--json prints a list of { file, line, column, code, severity, message, remedy }; severity is error or warning. Line 0 means the file
as a whole. The list is empty when there is nothing to say.

Exit codes: 0 no mistake, whatever the warnings; 1 mistakes.`;

export function validateCommand(program: Command): void {
  const command = program
    .command('validate')
    .summary('check a definition and its package: every mistake with its place and its fix')
    .description(
      'Renders and checks a service definition, its config templates and the files of its package, and whether they fit ' +
        'together. Says what it would run, or every mistake with its place and its fix.',
    )
    .argument('<path>', 'a folder with an svc.yml, or an svc.yml')
    .option('--json', 'print mistakes and warnings as a JSON list');
  withDefinitionOptions(command)
    .addHelpText('after', HELP)
    .action(async (path: string, options: ValidateOptions) => {
      const { inspectFolder } = await import('../packaging/inspect.ts');
      // The scheduler's port is given to it at launch; any number shows whether the template is right.
      const result = inspectFolder(requestFor(path, options, 8080));
      print(command, options.json ? asJson(result) : asText(path, result));
      if (!result.ok) process.exitCode = 1;
    });
}

function asText(path: string, result: LoadResult): string {
  const warnings = printedProblems('warning', result.warnings);
  const verdict = result.ok
    ? [`${path} is valid: ${summary(result.spec)}`]
    : printedProblems('mistake', result.problems);
  return [...warnings, ...verdict].join('\n');
}

function summary({ name, pods }: ServiceSpec): string {
  const tasks = pods.flatMap((pod) => pod.tasks).length;
  const instances = pods.reduce((sum, pod) => sum + pod.count, 0);
  return `service ${name}, ${counted(pods.length, 'pod')}, ${counted(tasks, 'task')}, ${counted(instances, 'instance')}`;
}

function asJson(result: LoadResult): string {
  return JSON.stringify(problemEntries(result.ok ? [] : result.problems, result.warnings), null, 2);
}
