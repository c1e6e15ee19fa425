/** `mainstay plan`: what the scheduler works on, how far it is, and what an operator asks of it. */
import type { Command } from 'commander';
import type { PlanBody } from '../api/bodies/plans.ts';
import { clientOf, type OperatorOptions, operatorVerb, parsed, print, printJson } from './operator.ts';
import { colorsOf, paintStatus } from './paint.ts';
import { steeringVerbs } from './plan-steer.ts';
import { drawTree, type Tree } from './tree.ts';

const LIST = {
  name: 'list',
  summary: 'list the names of the plans',
  examples: ['mainstay plan list'],
};

const SHOW = {
  name: 'show',
  summary: 'show the phases and steps of a plan, and their status',
  examples: ['mainstay plan show deploy', 'mainstay plan status recovery', 'mainstay plan show deploy --json'],
};

export function planCommand(program: Command): void {
  const plan = program.command('plan').description('look at the plans and steer them');
  operatorVerb(plan, LIST).action(async (options: OperatorOptions, command: Command) => {
    printJson(command, await clientOf(options).get('v1/plans'), options);
  });
  operatorVerb(plan, SHOW)
    .alias('status')
    .argument('[plan]', 'name of the plan: deploy, recovery, ...', 'deploy')
    .action(async (name: string, options: OperatorOptions, command: Command) => {
      const body = await clientOf(options).get(`v1/plans/${encodeURIComponent(name)}`);
      if (options.json) print(command, body);
      else print(command, planText(name, parsed(body) as Partial<PlanBody>, colorsOf(command)));
    });
  steeringVerbs(plan);
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
