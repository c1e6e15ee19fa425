/**
 * `mainstay update` and `mainstay describe`: the options of a service that was installed as a package, and how far a change of them is.
 * Promises to ask before the options of a running service change.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ConfirmOptions, confirm, YES } from './confirm.ts';
import { bullets, describe, inCosmos, type UpdateRequest, update } from './cosmos.ts';
import { Failure } from './failure.ts';
import { clientOf, type OperatorOptions, operatorVerb, print, printAnswer } from './operator.ts';
import { type ShowOptions, showPlan, showVerb } from './plan.ts';
import { elementVerbs } from './plan-steer.ts';

const START = {
  name: 'start',
  summary: 'change the package options or the package version of a service in DC/OS',
  examples: [
    'mainstay update start --name data-store --options changed.json',
    'mainstay update start --name data-store --package-version 2.0.0 --yes',
    'mainstay update start --name data-store --options - < changed.json',
  ],
};

const STATUS = {
  name: 'status',
  aliases: ['show'],
  summary: 'show how far the change is: the deploy plan',
  examples: ['mainstay update status', 'mainstay update status --watch'],
};

const VERSIONS = {
  name: 'package-versions',
  summary: 'list the package versions that the service can be changed to',
  examples: ['mainstay update package-versions --name data-store'],
};

const DESCRIBE = {
  name: 'describe',
  summary: 'show the package options of a service in DC/OS, defaults too',
  examples: ['mainstay describe --name data-store > options.json'],
};

interface StartOptions extends OperatorOptions, ConfirmOptions {
  readonly options?: string;
  readonly packageVersion?: string;
  readonly replace?: true;
}

export function updateCommand(program: Command): void {
  const group = program.command('update').description('change a service, and look at how far the change is');
  operatorVerb(group, START)
    .option('--options <file>', 'JSON with the options that change; - reads standard input')
    .option('--package-version <version>', 'the version to change to')
    .option('--replace', 'options that are not in --options go back to their defaults')
    .option(...YES)
    .action(startUpdate);
  showVerb(group, STATUS).action((options: ShowOptions, command: Command) => showPlan('deploy', options, command));
  operatorVerb(group, VERSIONS).action(async (options: OperatorOptions, command: Command) => {
    const answer = await describe(clientOf(command).access);
    await printAnswer(command, JSON.stringify(answer), options, () => versionsText(answer));
  });
  elementVerbs(group, 'deploy');
}

export function describeCommand(program: Command): void {
  operatorVerb(program, DESCRIBE).action(async (options: OperatorOptions, command: Command) => {
    const { access } = clientOf(command);
    const { resolvedOptions } = await describe(access);
    if (resolvedOptions) return printAnswer(command, JSON.stringify(resolvedOptions), options);
    print(command, `Package configuration is not available for service ${inCosmos(access).service}.`);
    print(command, 'This command is only available for packages installed with Enterprise DC/OS 1.10 or newer.');
  });
}

async function startUpdate(options: StartOptions, command: Command): Promise<void> {
  const { access } = clientOf(command);
  const { url, service } = inCosmos(access);
  const { packageVersion } = options;
  if (options.options === undefined && packageVersion === undefined) {
    throw new Failure('Either --options and/or --package-version must be specified');
  }
  const changed = options.options === undefined ? undefined : optionsIn(options.options);
  const request: UpdateRequest = {
    ...(packageVersion === undefined ? {} : { packageVersion }),
    ...(changed === undefined ? {} : { options: changed }),
    replace: options.replace === true,
  };
  await confirm(command, options, consequences(service, url, request));
  const body = await update(access, request);
  const where = options.name === undefined ? `--url ${access.url}` : `--name ${service}`;
  const words = `Update started. Please use \`mainstay update status ${where}\` to view progress.`;
  await printAnswer(command, body, options, () => words);
}

function consequences(service: string, cluster: string, { packageVersion, options, replace }: UpdateRequest): string {
  return [
    `${service} on ${cluster}:`,
    ...(packageVersion === undefined ? [] : [`- its package changes to version ${packageVersion}`]),
    ...(options === undefined ? [] : [`- these options change: ${JSON.stringify(options)}`]),
    ...(replace ? ['- ALL OTHER OPTIONS go back to their defaults'] : []),
    '- its scheduler starts again; pods that the change is about end and start anew, one after the other, on their volumes',
    '- with fewer instances of a pod, the last ones are removed WITH ALL THEIR DATA if the service allows it',
  ].join('\n');
}

function optionsIn(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === '-' || file === 'stdin' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Failure(`Failed to read specified options file ${file}: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(
      `Failed to parse JSON in provided options: ${(error as Error).message}\nOriginal input:\n${text}`,
    );
  }
}

function versionsText({
  package: installed,
  downgradesTo = [],
  upgradesTo = [],
}: Awaited<ReturnType<typeof describe>>): string {
  const list = (way: string, versions: readonly string[]) =>
    versions.length === 0
      ? [`No valid package ${way} versions.`]
      : [`Package can be ${way}d to:`, ...bullets(versions)];
  return [
    `Current package version is: ${installed?.version ?? 'unknown'}`,
    ...list('downgrade', downgradesTo),
    ...list('upgrade', upgradesTo),
  ].join('\n');
}
