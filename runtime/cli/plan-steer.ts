/**
 * `mainstay plan start|stop` and what is asked of a plan, a phase or a step: pause, resume, force-restart, force-complete. Promises to
 * say what was done in the words of the field (http-api 13.3), and which tasks end before they do.
 */
import type { Command } from 'commander';
import type { PlanBody } from '../api/bodies/plans.ts';
import { assignment } from './assignment.ts';
import { type Element, liveTasks, stepsOf } from './casualties.ts';
import type { Client } from './client.ts';
import { type ConfirmOptions, confirm, YES } from './confirm.ts';
import { clientOf, type OperatorOptions, operatorVerb, parsed, printAnswer, type Verb } from './operator.ts';
import { planPath } from './path.ts';
import { planComplete, type WaitOptions, withWait } from './wait.ts';

const START = {
  name: 'start',
  summary: 'run a plan, such as a backup; a plan that is complete runs again',
  examples: [
    'mainstay plan start backup -p SNAPSHOT_NAME=monday -p AWS_REGION=us-west-2',
    'mainstay plan start backup --wait --timeout 3600',
  ],
};

const STOP = {
  name: 'stop',
  summary: 'hold a plan and set its steps back to PENDING',
  examples: ['mainstay plan stop backup', 'mainstay plan stop deploy --yes'],
};

const PLAN = 'name of the plan: deploy, recovery, ...';

interface SteerOptions extends OperatorOptions, ConfirmOptions, WaitOptions {
  readonly params?: Readonly<Record<string, string>>;
}

export function steeringVerbs(plan: Command): void {
  withWait(operatorVerb(plan, START), 'the plan is COMPLETE')
    .option(...YES)
    .argument('<plan>', PLAN)
    .option('-p, --params <name=value>', 'a variable for the tasks that it launches; may be repeated', assignment)
    .action(async (name: string, options: SteerOptions, command: Command) => {
      const client = clientOf(command);
      await agreeToStart(client, name, options, command);
      await printAnswer(command, await client.post(planPath(name, 'start'), options.params ?? {}), options);
      if (options.wait) await planComplete(client, name, options.timeout, command);
    });
  operatorVerb(plan, STOP)
    .option(...YES)
    .argument('<plan>', PLAN)
    .action(async (name: string, options: SteerOptions, command: Command) => {
      const client = clientOf(command);
      await agreeToStop(client, name, options, command);
      await printAnswer(command, await client.post(planPath(name, 'stop')), options);
    });
  elementVerbs(plan);
}

/** A verb on a plan, a phase of it or a step. Its examples are what follows the plan. */
interface ElementVerb extends Verb {
  /** The API's name of it. */
  readonly path: 'interrupt' | 'continue' | 'restart' | 'forceComplete';
  readonly done: string;
  /** How its arguments behind the plan are written. */
  readonly arguments: readonly string[];
  readonly waits?: true;
  readonly asks?: true;
}

const ELEMENT_VERBS: readonly ElementVerb[] = [
  {
    name: 'pause',
    aliases: ['interrupt'],
    summary: 'hold a plan or a phase: what is under way goes on, nothing new is begun',
    examples: ['', 'data'],
    path: 'interrupt',
    done: 'paused',
    arguments: ['[phase]'],
  },
  {
    name: 'resume',
    aliases: ['continue'],
    summary: 'let a plan or a phase go on; a canary phase lets its next step through',
    examples: ['', 'data', 'data --wait'],
    path: 'continue',
    done: 'resumed',
    arguments: ['[phase]'],
    waits: true,
  },
  {
    name: 'force-restart',
    aliases: ['restart'],
    summary: 'do a plan, a phase or a step again from the beginning: ITS TASKS END and are launched anew',
    examples: ['', 'data "data-0:[node]" --yes'],
    path: 'restart',
    done: 'restarted',
    arguments: ['[phase]', '[step]'],
    waits: true,
    asks: true,
  },
  {
    name: 'force-complete',
    aliases: ['force'],
    summary: 'count a step as COMPLETE, whatever its tasks do',
    examples: ['data "data-0:[node]"'],
    path: 'forceComplete',
    done: 'forced to complete',
    arguments: ['<phase>', '<step>'],
    asks: true,
  },
];

const DESCRIBED: Readonly<Record<string, string>> = {
  phase: 'name or id of a phase',
  step: 'name or id of a step: "data-0:[node]"',
};

/** The verbs on the plan that is named first; with `fixed`, on that plan. */
export function elementVerbs(group: Command, fixed?: string): void {
  for (const verb of ELEMENT_VERBS) {
    const lead = fixed ? `mainstay ${group.name()} ${verb.name}` : `mainstay plan ${verb.name} deploy`;
    const command = operatorVerb(group, {
      ...verb,
      examples: verb.examples.map((rest) => `${lead} ${rest}`.trimEnd()),
    });
    if (!fixed) command.argument('<plan>', PLAN);
    for (const argument of verb.arguments) command.argument(argument, DESCRIBED[argument.slice(1, -1)]);
    if (verb.asks) command.option(...YES);
    if (verb.waits) withWait(command, 'the plan is COMPLETE');
    command.action(async () => {
      const [plan = '', phase, step] = fixed ? [fixed, ...command.args] : command.args;
      await steer(verb, { plan, phase, step }, command.opts(), command);
    });
  }
}

async function steer(verb: ElementVerb, element: Element, options: SteerOptions, command: Command): Promise<void> {
  const client = clientOf(command);
  if (verb.path === 'restart') await agreeToRestart(client, element, options, command);
  if (verb.path === 'forceComplete') await agreeToLeave(client, element, options, command);
  const query = new URLSearchParams();
  if (element.phase !== undefined) query.set('phase', element.phase);
  if (element.step !== undefined) query.set('step', element.step);
  const body = await client.post(`${planPath(element.plan, verb.path)}${query.size > 0 ? `?${query}` : ''}`);
  await printAnswer(command, body, options, (answer) => {
    const done = (answer as { message?: string }).message ? 'has been' : 'could not be';
    return `${nameOf(element)} ${done} ${verb.done}.`;
  });
  if (options.wait) await planComplete(client, element.plan, options.timeout, command);
}

/** A plan that is COMPLETE runs again: what it launched and still runs ends. */
async function agreeToStart(client: Client, plan: string, options: SteerOptions, command: Command): Promise<void> {
  const { status } = parsed(await client.get(planPath(plan))) as Partial<PlanBody>;
  if (status === 'COMPLETE') await agreeToRestart(client, { plan }, options, command);
}

async function agreeToRestart(
  client: Client,
  element: Element,
  options: SteerOptions,
  command: Command,
): Promise<void> {
  const tasks = await liveTasks(client, element);
  if (tasks.length === 0) return;
  const sentence = `${nameOf(element)}: these tasks end and are launched again in place, on their volumes, in the order of the plan:`;
  await confirm(command, options, [sentence, ...tasks].join('\n'));
}

/** Only what these two plans launched is launched again because of a stop; tasks of other plans go on. */
async function agreeToStop(client: Client, plan: string, options: SteerOptions, command: Command): Promise<void> {
  if (plan !== 'deploy' && plan !== 'recovery') return;
  const tasks = await liveTasks(client, { plan });
  if (tasks.length === 0) return;
  const when = plan === 'deploy' ? `, once "${plan}" is resumed` : '';
  const sentence = `${nameOf({ plan })}: these tasks end and are launched again in place, on their volumes${when}:`;
  await confirm(command, options, [sentence, ...tasks].join('\n'));
}

/** A step that takes something away waits for Mesos to confirm it; forced, what is still there stays and nobody looks after it. */
async function agreeToLeave(client: Client, element: Element, options: SteerOptions, command: Command): Promise<void> {
  const left = (await stepsOf(client, element)).filter(({ name }) => /^(kill|unreserve|erase)-/.test(name));
  const sentence = 'What this was to remove stays on its agent, and the scheduler forgets it:';
  if (left.length > 0) await confirm(command, options, [sentence, ...left.map(({ name }) => `- ${name}`)].join('\n'));
}

/** `"deploy" plan: step "data-0:[node]" in phase "data"` */
function nameOf({ plan, phase, step }: Element): string {
  if (phase === undefined) return `"${plan}" plan`;
  if (step === undefined) return `"${plan}" plan: phase "${phase}"`;
  return `"${plan}" plan: step "${step}" in phase "${phase}"`;
}
