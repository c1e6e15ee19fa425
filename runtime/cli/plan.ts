/** `mainstay plan`: what the scheduler works on, how far it is, and what an operator asks of it. */
import type { Command } from 'commander';
import type { PlanBody } from '../api/bodies/plans.ts';
import { systemClock } from '../kit/clock.ts';
import type { Client } from './client.ts';
import type { PlanLook } from './live/look.ts';
import { createLiveView } from './live.ts';
import { clientOf, type OperatorOptions, operatorVerb, parsed, printAnswer, type Verb } from './operator.ts';
import { colorsOf, paintStatus } from './paint.ts';
import { planPath } from './path.ts';
import { steeringVerbs } from './plan-steer.ts';
import { drawTree, type Tree } from './tree.ts';
import { planComplete, type WaitOptions, withWait } from './wait.ts';
import { outputOf, watch, watchOption } from './watch.ts';

const LIST = {
  name: 'list',
  summary: 'list the names of the plans',
  examples: ['mainstay plan list'],
};

const SHOW = {
  name: 'show',
  aliases: ['status'],
  summary: 'show the phases and steps of a plan, and their status',
  examples: ['mainstay plan show deploy', 'mainstay plan status recovery --watch', 'mainstay plan show deploy --json'],
};

export function planCommand(program: Command): void {
  const plan = program.command('plan').alias('plans').description('look at the plans and steer them');
  operatorVerb(plan, LIST).action(async (options: OperatorOptions, command: Command) => {
    await printAnswer(command, await clientOf(command).get('v1/plans'), options);
  });
  showVerb(plan, SHOW)
    .argument('[plan]', 'name of the plan: deploy, recovery, ...', 'deploy')
    .action((name: string, options: ShowOptions, command: Command) => showPlan(name, options, command));
  steeringVerbs(plan);
}

export interface ShowOptions extends OperatorOptions, WaitOptions {
  readonly watch?: true;
}

/** A verb that shows a plan; its argument and action are still to be added. */
export function showVerb(group: Command, verb: Verb): Command {
  return withWait(operatorVerb(group, verb).addOption(watchOption()), 'the plan is COMPLETE');
}

export async function showPlan(name: string, options: ShowOptions, command: Command): Promise<void> {
  const client = clientOf(command);
  if (options.watch) return watchPlan(client, name, command);
  if (options.wait) await planComplete(client, name, options.timeout, command);
  await printAnswer(command, await client.get(planPath(name)), options, (body) =>
    planText(name, body as PlanBody, colorsOf(command)),
  );
}

async function watchPlan(client: Client, name: string, command: Command): Promise<void> {
  const view = createLiveView(outputOf(command), { clock: systemClock, colors: colorsOf(command) });
  const look = async () => [lookOf(name, parsed(await client.get(planPath(name))) as PlanBody)];
  await watch(look, view);
}

/** What the live view shows of a plan. */
function lookOf(name: string, body: PlanBody): PlanLook {
  return { name, ...(body as Omit<PlanLook, 'name'>) };
}

/** The tree of a plan, then its errors. What an answer of another version lacks is shown as unknown. */
export function planText(name: string, plan: Partial<PlanBody>, colors: boolean): string {
  const label = (what: string, strategy = UNKNOWN, status = UNKNOWN) =>
    `${what} (${strategy} strategy) (${paintStatus(status, colors)})`;
  const tree: Tree<string> = {
    value: label(name, plan.strategy, plan.status),
    children: (plan.phases ?? []).map((phase) => ({
      value: label(phase.name, phase.strategy, phase.status),
      children: phase.steps.map((step) => ({
        value: `${step.name} (${paintStatus(step.status, colors)})`,
        children: [],
      })),
    })),
  };
  const errors = plan.errors?.length ? ['', 'Errors:', ...plan.errors.map((error) => `- ${error}`)] : [];
  return [...drawTree(tree), ...errors].join('\n');
}

const UNKNOWN = '<UNKNOWN>';
