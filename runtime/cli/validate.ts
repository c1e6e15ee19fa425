/**
 * `mainstay validate`: is this definition right, and what would it run? Promises exit code 0 and one line, or 1 and every mistake
 * with its fix; never contacts anything.
 */
import type { Command } from 'commander';
import type { LoadResult } from '../packaging/load.ts';
import { type Problem, printProblem } from '../spec/problem.ts';
import type { ServiceSpec } from '../spec/service.ts';
import { type DefinitionOptions, definitionAt, withDefinitionOptions } from './definition.ts';

interface ValidateOptions extends DefinitionOptions {
  readonly json?: boolean;
}

const EXAMPLE = `
Example:
  $ mainstay validate frameworks/data-store -e DATA_COUNT=5
  frameworks/data-store is valid: service data-store, 2 pods, 2 tasks, 7 instances
`;

/** More than a person reads at once; --json has them all. */
const MOST_SHOWN = 50;

export function validateCommand(program: Command): void {
  const command = program
    .command('validate')
    .description(
      'render and check a service definition: exit 0 and a summary, or exit 1 and every mistake with its fix',
    )
    .argument('<path>', 'a folder with an svc.yml, or an svc.yml')
    .option('--json', 'print the result as JSON');
  withDefinitionOptions(command)
    .addHelpText('after', EXAMPLE)
    .action(async (path: string, options: ValidateOptions) => {
      // The scheduler's port is given to it at launch; any number shows whether the template is right.
      const result = await definitionAt(path, options, 8080);
      process.stdout.write(options.json ? asJson(result) : asText(path, result));
      if (!result.ok) process.exitCode = 1;
    });
}

function asText(path: string, result: LoadResult): string {
  const warnings = shown('warning', result.warnings);
  const verdict = result.ok ? [`${path} is valid: ${summary(result.spec)}`] : shown('mistake', result.problems);
  return `${[...warnings, ...verdict].join('\n')}\n`;
}

function shown(what: string, problems: readonly Problem[]): string[] {
  if (problems.length === 0) return [];
  const printed = problems.slice(0, MOST_SHOWN).map((problem) => `${printProblem(problem)}\n`);
  return [
    ...printed,
    `${counted(problems.length, what)}${problems.length > MOST_SHOWN ? `, the first ${MOST_SHOWN} shown` : ''}\n`,
  ];
}

function summary({ name, pods }: ServiceSpec): string {
  const tasks = pods.flatMap((pod) => pod.tasks).length;
  const instances = pods.reduce((sum, pod) => sum + pod.count, 0);
  return `service ${name}, ${counted(pods.length, 'pod')}, ${counted(tasks, 'task')}, ${counted(instances, 'instance')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function asJson(result: LoadResult): string {
  const { ok, warnings } = result;
  const body = result.ok ? { ok, service: result.spec, warnings } : { ok, problems: result.problems, warnings };
  return `${JSON.stringify(body, null, 2)}\n`;
}
