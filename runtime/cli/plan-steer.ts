/**
 * `mainstay plan start|stop|pause|resume|force-restart|force-complete`: what an operator asks of a plan, a phase or a step. Promises
 * to say what was done in the words of the field (http-api 13.3).
 */
import type { Command } from 'commander';
import { assignment } from './assignment.ts';
import { clientOf, type OperatorOptions, operatorVerb, parsed, print, printJson, type Verb } from './operator.ts';

const START = {
  name: 'start',
  summary: 'run a plan, such as a backup; a plan that is complete runs again',
  examples: ['mainstay plan start backup -p SNAPSHOT_NAME=monday -p AWS_REGION=us-west-2'],
};

const STOP = {
  name: 'stop',
  summary: 'hold a plan and set its steps back to PENDING',
  examples: ['mainstay plan stop backup'],
};

const PAUSE = {
  name: 'pause',
  summary: 'hold a plan or a phase: what is under way goes on, nothing new is begun',
  examples: ['mainstay plan pause deploy', 'mainstay plan pause deploy data', 'mainstay plan interrupt deploy'],
};

const RESUME = {
  name: 'resume',
  summary: 'let a plan or a phase go on; a canary phase lets its next step through',
  examples: ['mainstay plan resume deploy', 'mainstay plan resume deploy data', 'mainstay plan continue deploy data'],
};

const RESTART = {
  name: 'force-restart',
  summary: 'do a plan, a phase or a step again from the beginning',
  examples: ['mainstay plan force-restart deploy', 'mainstay plan force-restart deploy data "data-0:[node]"'],
};

const COMPLETE = {
  name: 'force-complete',
  summary: 'count a step as COMPLETE, whatever its tasks do',
  examples: ['mainstay plan force-complete deploy data "data-0:[node]"'],
};

const PLAN = 'name of the plan: deploy, recovery, ...';
const PHASE = 'name or id of a phase';
const STEP = 'name or id of a step: "data-0:[node]"';

interface StartOptions extends OperatorOptions {
  readonly params?: Readonly<Record<string, string>>;
}

export function steeringVerbs(plan: Command): void {
  operatorVerb(plan, START)
    .argument('<plan>', PLAN)
    .option('-p, --params <name=value>', 'a variable for the tasks that it launches; may be repeated', assignment)
    .action(async (name: string, options: StartOptions, command: Command) => {
      printJson(command, await clientOf(options).post(planPath(name, 'start'), options.params ?? {}), options);
    });
  operatorVerb(plan, STOP)
    .argument('<plan>', PLAN)
    .action(async (name: string, options: OperatorOptions, command: Command) => {
      printJson(command, await clientOf(options).post(planPath(name, 'stop')), options);
    });
  onPhase(plan, PAUSE, 'interrupt', 'paused');
  onPhase(plan, RESUME, 'continue', 'resumed');
  operatorVerb(plan, RESTART)
    .alias('restart')
    .argument('<plan>', PLAN)
    .argument('[phase]', PHASE)
    .argument('[step]', STEP)
    .action(async (name: string, phase: string | undefined, step: string | undefined, options, command) => {
      await steer(command, options, 'restart', 'restarted', { plan: name, phase, step });
    });
  operatorVerb(plan, COMPLETE)
    .alias('force')
    .argument('<plan>', PLAN)
    .argument('<phase>', PHASE)
    .argument('<step>', STEP)
    .action(async (name: string, phase: string, step: string, options, command) => {
      await steer(command, options, 'forceComplete', 'forced to complete', { plan: name, phase, step });
    });
}

/** The API's name of the verb is its alias. */
function onPhase(group: Command, verb: Verb, path: 'interrupt' | 'continue', done: string): void {
  operatorVerb(group, verb)
    .alias(path)
    .argument('<plan>', PLAN)
    .argument('[phase]', PHASE)
    .action(async (plan: string, phase: string | undefined, options, command) => {
      await steer(command, options, path, done, { plan, phase });
    });
}

interface Element {
  readonly plan: string;
  readonly phase?: string | undefined;
  readonly step?: string | undefined;
}

async function steer(
  command: Command,
  options: OperatorOptions,
  path: string,
  done: string,
  element: Element,
): Promise<void> {
  const query = new URLSearchParams();
  if (element.phase !== undefined) query.set('phase', element.phase);
  if (element.step !== undefined) query.set('step', element.step);
  const suffix = query.size > 0 ? `?${query}` : '';
  const body = await clientOf(options).post(`${planPath(element.plan, path)}${suffix}`);
  if (options.json) return print(command, body);
  const { message } = parsed(body) as { message?: string };
  print(command, `${nameOf(element)} ${message ? 'has been' : 'could not be'} ${done}.`);
}

/** `"deploy" plan: step "data-0:[node]" in phase "data"` */
function nameOf({ plan, phase, step }: Element): string {
  if (phase === undefined) return `"${plan}" plan`;
  if (step === undefined) return `"${plan}" plan: phase "${phase}"`;
  return `"${plan}" plan: step "${step}" in phase "${phase}"`;
}

function planPath(plan: string, what: string): string {
  return `v1/plans/${encodeURIComponent(plan)}/${what}`;
}
