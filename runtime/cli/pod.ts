/** `mainstay pod`: the pod instances, and what an operator does to one. */
import type { Command } from 'commander';
import type { PodBody, PodsBody } from '../api/bodies/pods.ts';
import { lossOfReplace } from './casualties.ts';
import { type ConfirmOptions, confirm, YES } from './confirm.ts';
import { clientOf, type OperatorOptions, operatorVerb, parsed, printAnswer, type Verb } from './operator.ts';
import { colorsOf } from './paint.ts';
import { podPath } from './path.ts';
import { createPodView, podsText } from './pod-view.ts';
import { type PodVerb, podBefore, podReached, type WaitOptions, withWait } from './wait.ts';
import { outputOf, watch, watchOption } from './watch.ts';

const LIST = {
  name: 'list',
  summary: 'list the pod instances',
  examples: ['mainstay pod list'],
};

const STATUS = {
  name: 'status',
  summary: 'show the tasks of all pod instances, or of one, and their status',
  examples: ['mainstay pod status', 'mainstay pod status data-0 --watch', 'mainstay pod status --json'],
};

const INFO = {
  name: 'info',
  summary: 'show all that is known of the tasks of a pod instance: resources, agent, environment, last status',
  examples: ['mainstay pod info data-0', 'mainstay pod info data-0 --yaml'],
};

interface SteeringVerb extends Verb {
  readonly name: PodVerb;
}

const RESTART: SteeringVerb = {
  name: 'restart',
  summary: 'end the tasks of a pod instance; they start again in place, on their volumes',
  examples: ['mainstay pod restart data-1', 'mainstay pod restart data-1 --wait'],
};

const REPLACE: SteeringVerb = {
  name: 'replace',
  summary: 'give up the place and THE VOLUMES of a pod instance; it starts with empty ones, elsewhere if there is room',
  examples: ['mainstay pod replace data-1 --yes', 'mainstay pod restart data-1    # keeps the volumes'],
};

const PAUSE: SteeringVerb = {
  name: 'pause',
  summary: 'let the tasks of a pod instance sleep in their containers, with their volumes, to look into them',
  examples: ['mainstay pod pause data-1', 'mainstay pod pause data-1 -t node --wait    # one task of it'],
};

const RESUME: SteeringVerb = {
  name: 'resume',
  summary: 'let paused tasks run again as defined',
  examples: ['mainstay pod resume data-1', 'mainstay pod resume data-1 -t node'],
};

const INSTANCE = 'a pod instance: data-0';
const RUNS = 'its tasks have come back and nothing is left to do for it';

export function podCommand(program: Command): void {
  const pod = program.command('pod').alias('pods').description('look at the pods and steer them');
  operatorVerb(pod, LIST).action(async (options: OperatorOptions, command: Command) => {
    await printAnswer(command, await clientOf(command).get('v1/pod'), options);
  });
  operatorVerb(pod, STATUS).argument('[pod]', INSTANCE).addOption(watchOption()).action(showStatus);
  operatorVerb(pod, INFO)
    .argument('<pod>', INSTANCE)
    .action(async (instance: string, options: OperatorOptions, command: Command) => {
      await printAnswer(command, await clientOf(command).get(podPath(instance, 'info')), options);
    });
  steeringVerb(pod, RESTART, RUNS);
  steeringVerb(pod, REPLACE, RUNS).option(...YES);
  pauseVerbs(pod);
}

/** The field has them below `debug pod`. */
export function pauseVerbs(group: Command): void {
  for (const [verb, until] of [
    [PAUSE, 'its tasks are paused'],
    [RESUME, RUNS],
  ] as const) {
    steeringVerb(group, verb, until).option(
      '-t, --tasks <task>',
      'only this task: node or data-1-node; may be repeated',
      (task, before: string[] = []) => [...before, task],
    );
  }
}

interface StatusOptions extends OperatorOptions {
  readonly watch?: true;
}

async function showStatus(instance: string | undefined, options: StatusOptions, command: Command): Promise<void> {
  const client = clientOf(command);
  const path = instance === undefined ? 'v1/pod/status' : podPath(instance, 'status');
  const colors = colorsOf(command);
  if (options.watch) {
    const look = async () => parsed(await client.get(path)) as PodsBody | PodBody;
    await watch(look, createPodView(outputOf(command), colors));
  }
  await printAnswer(command, await client.get(path), options, (body) => podsText(body as PodsBody | PodBody, colors));
}

interface SteerOptions extends OperatorOptions, ConfirmOptions, WaitOptions {
  readonly tasks?: readonly string[];
}

/** Acts on an instance and says which tasks end because of it. */
function steeringVerb(group: Command, verb: SteeringVerb, until: string): Command {
  return withWait(operatorVerb(group, verb), until)
    .argument('<pod>', INSTANCE)
    .action(async (instance: string, options: SteerOptions, command: Command) => {
      const client = clientOf(command);
      if (verb.name === 'replace') await confirm(command, options, await lossOfReplace(client, instance));
      const before = options.wait ? await podBefore(client, instance) : undefined;
      const body = await client.post(podPath(instance, verb.name), options.tasks);
      await printAnswer(command, body, options);
      const { tasks } = parsed(body) as { tasks: string[] };
      if (before) await podReached(client, verb.name, before, tasks, options.timeout, command);
    });
}
