/**
 * `mainstay render`: what a definition becomes, step by step: the YAML, the configuration that would be stored, the tasks that would be
 * launched. Promises the scheduler's own functions behind each; never contacts anything.
 */
import { type Command, Option } from 'commander';
import type { TaskInfo } from '../kit/mesos.ts';
import type { LoadResult } from '../packaging/load.ts';
import { type DefinitionOptions, definitionAt, withDefinitionOptions } from './definition.ts';
import { Failure } from './failure.ts';
import { print, printError } from './operator.ts';
import { printedProblems } from './problems.ts';

/** A definition without mistakes. */
type Loaded = Extract<LoadResult, { ok: true }>;

interface RenderOptions extends DefinitionOptions {
  readonly resolved?: true;
  readonly tasks?: true;
  readonly json?: true;
}

const HELP = `
Examples:
  $ mainstay render frameworks/hello-world                      # the YAML, its tags filled in
  $ mainstay render frameworks/hello-world --resolved           # as the scheduler stores and serves it (/v1/configurations)
  $ mainstay render frameworks/hello-world --tasks -e WORLD_COUNT=1
  $ mainstay render frameworks/hello-world --tasks --json | jq -r '.[].command.value'

What only an agent or the moment of a launch decides stands in angle brackets; the number of a dynamic port is 0.

Exit codes: 0 done; 1 the definition has mistakes, stderr says which. The YAML is printed all the same, if the tags could be filled in.`;

export function renderCommand(program: Command): void {
  const command = program
    .command('render')
    .summary('show what a definition becomes: its YAML, the stored configuration, the tasks')
    .description('Shows what the scheduler would make of a definition, without any cluster.')
    .argument('<path>', 'a folder with an svc.yml, or an svc.yml')
    .option('--resolved', 'the whole configuration as JSON, with every default and derived value')
    .addOption(
      new Option('--tasks', 'each task as it would be launched: resources, command, environment').conflicts('resolved'),
    )
    .option('--json', 'with --tasks: a list of Mesos TaskInfo messages');
  withDefinitionOptions(command)
    .addHelpText('after', HELP)
    .action(async (path: string, options: RenderOptions) => {
      const definition = await definitionAt(path, options, 8080);
      const say = (problems: readonly string[]) => problems.length > 0 && printError(command, problems.join('\n'));
      say(printedProblems('warning', definition.warnings));
      if (!options.resolved && !options.tasks && definition.rendered !== undefined) {
        print(command, definition.rendered.replace(/\n$/, ''));
      }
      if (!definition.ok) {
        say(printedProblems('mistake', definition.problems));
        process.exitCode = 1;
      } else if (options.resolved) print(command, await resolved(definition));
      else if (options.tasks) print(command, await tasksOf(definition, options));
    });
}

async function resolved({ spec }: Loaded): Promise<string> {
  const { toStored } = await import('../spec/stored/service.ts');
  return JSON.stringify(toStored(spec), null, 2);
}

async function tasksOf(definition: Loaded, { json }: RenderOptions): Promise<string> {
  const infos = await tasks(definition);
  if (!json) {
    const { taskText } = await import('./render/task.ts');
    return infos.map(taskText).join('\n\n');
  }
  const { messageJson } = await import('../api/bodies/message.ts');
  return JSON.stringify(infos.map(messageJson), null, 2);
}

/** Of every instance, in the order of the file. */
async function tasks({ spec, env }: Loaded): Promise<TaskInfo[]> {
  const { previewTask } = await import('../core/tasks/launch/preview.ts');
  const { apiPortOf, BadSetting, settingsOf } = await import('../settings.ts');
  try {
    // Where agents would fetch templates from is known to a running scheduler alone.
    const settings = { ...settingsOf(env, apiPortOf(env)), artifactsUrl: 'http://<scheduler>' };
    return spec.pods.flatMap((pod) =>
      Array.from({ length: pod.count }, (_, index) =>
        pod.tasks.map((task) => previewTask(settings, spec, pod, index, task)),
      ).flat(),
    );
  } catch (error) {
    throw error instanceof BadSetting ? new Failure(error.message) : error;
  }
}
