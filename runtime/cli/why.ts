/** `mainstay why`: what a pod instance waits for, agent by agent. */
import type { Command } from 'commander';
import type { WhyBody, WhyStep } from '../api/bodies/why.ts';
import { clientOf, type OperatorOptions, operatorVerb, printAnswer } from './operator.ts';
import { podPath } from './path.ts';

const WHY = {
  name: 'why',
  summary: 'tell what a pod instance waits for, and what each agent lacks',
  examples: ['mainstay why data-2', 'mainstay why data-2 --json'],
};

/** So many agents are listed; `--json` has all that are known. */
const LISTED = 20;

export function whyCommand(program: Command): void {
  operatorVerb(program, WHY)
    .argument('<pod>', 'a pod instance: data-0')
    .action(async (pod: string, options: OperatorOptions, command: Command) => {
      const body = await clientOf(command).get(podPath(pod, 'why'));
      await printAnswer(command, body, options, (value) => whyText(value as WhyBody, Date.now()));
    });
}

function whyText({ pod, steps }: WhyBody, now: number): string {
  if (steps.length === 0) return `${pod} waits for nothing: all its steps are COMPLETE.`;
  return steps.map((step) => stepText(step, now)).join('\n\n');
}

function stepText({ plan, step, status, why, askedAt, missing, agents }: WhyStep, now: number): string {
  const lines = [`${step} of plan ${plan} is ${status}`];
  if (agents.length === 0 || askedAt === undefined) return [...lines, `  ${why}`].join('\n');
  lines.push(...missing.map((text) => `  ${text}`));
  const width = Math.max(...agents.map(({ agent }) => agent.length));
  lines.push('', `  asked ${ago(askedAt, now)}:`);
  lines.push(...agents.slice(0, LISTED).map(({ agent, text }) => `  ${agent.padEnd(width)}  ${text}`));
  if (agents.length > LISTED) lines.push(`  and ${agents.length - LISTED} more agents: --json lists them`);
  return lines.join('\n');
}

function ago(at: number, now: number): string {
  return `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
}
