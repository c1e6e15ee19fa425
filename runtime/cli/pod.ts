/** `mainstay pod`: the pod instances, and what an operator does to one. */
import type { Command } from 'commander';
import type { PodBody, PodsBody } from '../api/bodies/pods.ts';
import {
  clientOf,
  type OperatorOptions,
  operatorVerb,
  parsed,
  print,
  printError,
  printJson,
  type Verb,
} from './operator.ts';
import { colorsOf, paintStatus } from './paint.ts';
import { drawTree, type Tree } from './tree.ts';
import { lossText, type PodInfoBody } from './volumes.ts';

const LIST = {
  name: 'list',
  summary: 'list the pod instances',
  examples: ['mainstay pod list'],
};

const STATUS = {
  name: 'status',
  summary: 'show the tasks of all pod instances, or of one, and their status',
  examples: ['mainstay pod status', 'mainstay pod status data-0', 'mainstay pod status --json'],
};

const RESTART = {
  name: 'restart',
  summary: 'end the tasks of a pod instance; they start again in place, on their volumes',
  examples: ['mainstay pod restart data-1'],
};

const REPLACE = {
  name: 'replace',
  summary: 'give up the place and THE VOLUMES of a pod instance; it starts with empty ones, elsewhere if there is room',
  examples: ['mainstay pod replace data-1', 'mainstay pod restart data-1    # keeps the volumes'],
};

const PAUSE = {
  name: 'pause',
  summary: 'let the tasks of a pod instance sleep in their containers, with their volumes, to look into them',
  examples: ['mainstay pod pause data-1', 'mainstay pod pause data-1 -t node    # one task of it'],
};

const RESUME = {
  name: 'resume',
  summary: 'let paused tasks run again as defined',
  examples: ['mainstay pod resume data-1', 'mainstay pod resume data-1 -t node'],
};

const INSTANCE = 'a pod instance: data-0';

export function podCommand(program: Command): void {
  const pod = program.command('pod').description('look at the pods and steer them');
  operatorVerb(pod, LIST).action(async (options: OperatorOptions, command: Command) => {
    printJson(command, await clientOf(options).get('v1/pod'), options);
  });
  operatorVerb(pod, STATUS)
    .argument('[pod]', INSTANCE)
    .action(async (instance: string | undefined, options: OperatorOptions, command: Command) => {
      const path = instance === undefined ? 'v1/pod/status' : podPath(instance, 'status');
      const body = await clientOf(options).get(path);
      if (options.json) print(command, body);
      else print(command, drawTree(statusTree(parsed(body) as PodsBody | PodBody, colorsOf(command))).join('\n'));
    });
  operatorVerb(pod, RESTART)
    .argument('<pod>', INSTANCE)
    .action(async (instance: string, options: OperatorOptions, command: Command) => {
      printJson(command, await clientOf(options).post(podPath(instance, 'restart')), options);
    });
  operatorVerb(pod, REPLACE)
    .argument('<pod>', INSTANCE)
    .action(async (instance: string, options: OperatorOptions, command: Command) => {
      const client = clientOf(options);
      // Asked for first: afterwards the records may name the new volumes.
      const info = parsed(await client.get(podPath(instance, 'info'))) as PodInfoBody;
      const body = await client.post(podPath(instance, 'replace'));
      printError(command, lossText(instance, info));
      printJson(command, body, options);
    });
  onTasks(pod, PAUSE);
  onTasks(pod, RESUME);
}

interface TaskOptions extends OperatorOptions {
  readonly tasks?: readonly string[];
}

/** The whole instance, or some tasks of it. */
function onTasks(pod: Command, verb: Verb): void {
  operatorVerb(pod, verb)
    .argument('<pod>', INSTANCE)
    .option(
      '-t, --tasks <task>',
      'only this task: node or data-1-node; may be repeated',
      (task, before: string[] = []) => [...before, task],
    )
    .action(async (instance: string, options: TaskOptions, command: Command) => {
      printJson(command, await clientOf(options).post(podPath(instance, verb.name), options.tasks), options);
    });
}

function podPath(instance: string, what: string): string {
  return `v1/pod/${encodeURIComponent(instance)}/${what}`;
}

/** Service, pod types, instances and tasks; or one instance and its tasks. */
function statusTree(body: PodsBody | PodBody, colors: boolean): Tree<string> {
  if ('tasks' in body) return instanceTree(body, colors);
  return {
    value: body.service,
    children: (body.pods ?? []).map((type) => ({
      value: type.name,
      children: type.instances.map((instance) => instanceTree(instance, colors)),
    })),
  };
}

function instanceTree(instance: PodBody, colors: boolean): Tree<string> {
  const tasks = instance.tasks.map((task) => `${task.name} (${paintStatus(task.status ?? '<UNKNOWN>', colors)})`);
  return { value: instance.name, children: tasks.map((value) => ({ value, children: [] })) };
}
