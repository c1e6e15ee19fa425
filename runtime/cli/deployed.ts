/**
 * Waits for the end of a deployment: COMPLETE with nothing to bring back, or the reason why it will not come. Promises to tell WAITING
 * and ERROR at once, and everything else at the time limit with what each open step waits for.
 */
import { type Plan, stepId } from '../core/plan/plan.ts';
import { plansOf } from '../core/plan/plans.ts';
import type { State } from '../core/state.ts';
import { taskName } from '../core/tasks/name.ts';
import type { Scheduler } from '../loop/run.ts';
import { refusalInWords } from './live/lines.ts';

export type Deployment = { ok: true } | { ok: false; reason: string };

/** `timeoutMs` counts from now; `endOf` tells how a task ended last. */
export async function deployment(
  scheduler: Scheduler,
  service: string,
  timeoutMs: number,
  endOf: (task: string) => string | undefined,
): Promise<Deployment> {
  let unwatch = () => {};
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  try {
    for (;;) {
      const changed = new Promise<'changed'>((resolve) => {
        unwatch = scheduler.watch(() => resolve('changed'));
      });
      const verdict = await scheduler.read((state, now) => verdictOf(state, now, service));
      if (verdict) return verdict;
      if ((await Promise.race([changed, late])) === 'late') {
        return await scheduler.read((state, now) => tooLate(state, now, service, timeoutMs, endOf));
      }
      unwatch();
    }
  } finally {
    clearTimeout(timer);
    unwatch();
  }
}

function planOf(state: State, now: number, name: string, plan: string): Plan | undefined {
  const service = state.services.get(name);
  return service && plansOf(service, state.session, now).find((candidate) => candidate.name === plan);
}

/** Mesos has told about every task that may run, and none is to be brought back. */
function isQuiet(state: State, now: number, name: string): boolean {
  const { subscription, unconfirmed } = state.session;
  return subscription !== 0 && unconfirmed.size === 0 && planOf(state, now, name, 'recovery')?.status === 'COMPLETE';
}

function verdictOf(state: State, now: number, name: string): Deployment | undefined {
  const plan = planOf(state, now, name, 'deploy');
  if (!plan) return undefined;
  switch (plan.status) {
    case 'COMPLETE':
      // Of a service that was deployed before, tasks may be down that the store still believes in.
      return isQuiet(state, now, name) ? { ok: true } : undefined;
    case 'ERROR':
      return {
        ok: false,
        reason: `the definition is refused:\n${plan.errors.map((error) => `- ${refusalInWords(error)}`).join('\n')}`,
      };
    case 'WAITING':
      return { ok: false, reason: 'the deploy plan is WAITING for an operator: continue it' };
    default:
      return undefined;
  }
}

function tooLate(
  state: State,
  now: number,
  name: string,
  timeoutMs: number,
  endOf: (task: string) => string | undefined,
): Deployment {
  const lines = ['deploy', 'recovery'].flatMap((plan) => {
    const phases = planOf(state, now, name, plan)?.phases ?? [];
    const open = phases.flatMap((phase) => phase.steps).filter((step) => step.status !== 'COMPLETE');
    return open.map((step) => {
      const reasons = state.session.explanations.get(stepId(name, plan, step.name))?.reasons ?? [];
      const why = reasons.map((r) => `\n    ${r.agent}: ${r.need}, wanted ${r.wanted}, had ${r.had}`);
      const ends = step.tasks.flatMap((task) => endOf(taskName(step.podType, step.podIndex, task)) ?? []);
      return `  ${step.name} ${step.status}${why.join('')}${ends.map((text) => `\n${indented(text)}`).join('')}`;
    });
  });
  return { ok: false, reason: `not deployed after ${timeoutMs / 1000} s:\n${lines.join('\n')}` };
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
