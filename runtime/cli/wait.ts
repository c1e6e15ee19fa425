/**
 * Waiting for what was asked to come true (`--wait`). Promises to end at the time limit with what is still open, to live through a
 * restart of the scheduler, and to tell at once when only an operator can help.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { PlanBody } from '../api/bodies/plans.ts';
import type { PodBody } from '../api/bodies/pods.ts';
import type { WhyBody } from '../api/bodies/why.ts';
import type { Client } from './client.ts';
import { EXIT, Failure, Unreachable } from './failure.ts';
import { wholeNumber } from './number.ts';
import { parsed, printError } from './operator.ts';
import { planPath, podPath } from './path.ts';

export interface WaitOptions {
  readonly wait?: true;
  /** Seconds. */
  readonly timeout: number;
}

/** How often one looks, in milliseconds. */
const INTERVAL_MS = 250;

/** How long the scheduler may hold an answer back, in seconds: a plan that waits for an operator is seen after that. */
const HELD_S = 1;

const HELP = `
Exit codes with --wait: 0 it is so; 1 it was refused, or the plan is in ERROR; 3 not within --timeout; 4 the plan waits for an operator.`;

/** `--wait` and `--timeout`; `until` says what is waited for. */
export function withWait(command: Command, until: string): Command {
  return command
    .option('--wait', `wait until ${until}`)
    .option('--timeout <seconds>', 'how long --wait waits', wholeNumber(1, 604_800), 600)
    .addHelpText('after', HELP);
}

/** Resolves once the plan is COMPLETE; throws `Failure` when it is in ERROR (1), late (3) or held (4). */
export async function planComplete(
  client: Client,
  plan: string,
  timeoutSeconds: number,
  command: Command,
): Promise<void> {
  const path = `${planPath(plan)}?wait=${HELD_S}`;
  await until(command, timeoutSeconds, async () => {
    const body = parsed(await client.get(path)) as PlanBody;
    if (body.status === 'COMPLETE') return undefined;
    if (body.status === 'ERROR') throw new Failure(`The ${plan} plan is in ERROR:\n${body.errors.join('\n')}`);
    if (body.status === 'WAITING') {
      throw new Failure(`The ${plan} plan waits for an operator: mainstay plan resume ${plan}${held(body)}`, EXIT.held);
    }
    return `The ${plan} plan is ${body.status}:\n${openSteps(body).join('\n')}`;
  });
}

/** The phase to be let go on; a plan that is held as a whole names none. */
function held({ phases }: PlanBody): string {
  const phase = phases.find(({ status }) => status === 'WAITING');
  return phase ? ` ${phase.name}` : '';
}

function openSteps({ phases }: PlanBody): string[] {
  return phases.flatMap(({ steps }) =>
    steps.filter(({ status }) => status !== 'COMPLETE').map(({ name, status }) => `- ${name} ${status}`),
  );
}

export type PodVerb = 'restart' | 'replace' | 'pause' | 'resume';

/** The instance as it is before a command: tasks that come back have other ids. */
export async function podBefore(client: Client, instance: string): Promise<PodBody> {
  return parsed(await client.get(podPath(instance, 'status'))) as PodBody;
}

/**
 * Resolves once a pause has paused the `tasks`, and else once they have come back and no plan has anything to do for the instance.
 * Throws `Failure` with code 3 when it is too late.
 */
export async function podReached(
  client: Client,
  verb: PodVerb,
  before: PodBody,
  tasks: readonly string[],
  timeoutSeconds: number,
  command: Command,
): Promise<void> {
  const ended = before.tasks.filter(({ status }) =>
    verb === 'resume' ? status?.startsWith('PAUS') : status !== 'FINISHED',
  );
  const old = new Set(ended.map(({ id }) => id));
  await until(command, timeoutSeconds, async () => {
    const now = parsed(await client.get(podPath(before.name, 'status'))) as PodBody;
    const mine = now.tasks.filter(({ name }) => tasks.includes(name));
    const open = mine.filter(({ id, status }) => (verb === 'pause' ? status !== 'PAUSED' : old.has(id)));
    if (open.length > 0) return tasksText(before.name, open);
    if (verb === 'pause') return undefined;
    const { steps } = parsed(await client.get(podPath(before.name, 'why'))) as WhyBody;
    return steps.length === 0
      ? undefined
      : steps.map(({ step, status, why }) => `${step} is ${status}: ${why}`).join('\n');
  });
}

function tasksText(instance: string, open: PodBody['tasks']): string {
  return `${instance} is not there yet:\n${open.map(({ name, status }) => `- ${name} ${status ?? 'unknown'}`).join('\n')}`;
}

/** Looks until `look` has nothing open any more; a scheduler that does not answer may be starting again, which is told once. */
async function until(command: Command, timeoutSeconds: number, look: () => Promise<string | undefined>): Promise<void> {
  const end = performance.now() + timeoutSeconds * 1000;
  let silent = false;
  for (;;) {
    const startedAt = performance.now();
    const open = await look().catch((error: unknown) => {
      if (!(error instanceof Unreachable)) throw error;
      if (!silent) printError(command, `${error.message.split('\n')[0]}; trying again`);
      silent = true;
      return error.message;
    });
    if (open === undefined) return;
    if (performance.now() >= end) throw new Failure(`Not within ${timeoutSeconds} s. ${open}`, EXIT.late);
    // An answer that was held back has been waited for already.
    await delay(
      Math.min(Math.max(INTERVAL_MS - (performance.now() - startedAt), 0), Math.max(end - performance.now(), 0)),
    );
  }
}
