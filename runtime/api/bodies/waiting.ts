/** Why a step that may start has not started, in words. Promises to repeat what the core found, never to guess. */
import type { NeedCount } from '../../core/offer/explanation.ts';
import type { Reason } from '../../core/offer/match.ts';
import { awaitedText } from '../../core/order.ts';
import { type Step, stepId } from '../../core/plan/plan.ts';
import type { Service, Session } from '../../core/state.ts';
import { taskName } from '../../core/tasks/name.ts';
import { isLive } from '../../core/tasks/record.ts';

export interface Waiting {
  /** `no place yet: agent-1: cpus: wanted 4, had 2.5; and 2 more` */
  readonly text: string;
  /** The first need that an agent did not meet; absent when no agent was looked at. */
  readonly need?: string;
  /** It waits for this moment (milliseconds since the epoch). */
  readonly until?: number;
}

/** `agent-1: cpus: wanted 4, had 2.5` */
export function reasonText(reason: Reason): string {
  return `${reason.agent}: ${reason.need}: wanted ${reason.wanted}, had ${reason.had}`;
}

/** `cpus: wanted 4, 12 agents cannot, the most is 2.5 on agent-3` */
export function needText({ need, wanted, agents, nearest }: NeedCount): string {
  if (agents === 1) return reasonText({ agent: nearest.agent, need, wanted, had: nearest.had });
  const most = Number.isNaN(Number(nearest.had)) ? '' : `, the most is ${nearest.had} on ${nearest.agent}`;
  return `${need}: wanted ${wanted}, ${agents} agents cannot${most}`;
}

/** `next try in 45 s`; both in milliseconds since the epoch. */
export function delayText(until: number, now: number): string {
  return `next try in ${Math.max(Math.ceil((until - now) / 1000), 0)} s`;
}

/** What the offers lacked (at most `most` needs of it), or what else the step waits for. Undefined when it does not wait. */
export function whyWaiting(
  plan: string,
  step: Step,
  service: Service,
  session: Session,
  now: number,
  most = 5,
): Waiting | undefined {
  const { status, delayedUntil: until } = step;
  if (status === 'DELAYED' && until !== undefined) return { text: delayText(until, now), until };
  if (status === 'STARTED') return whyNotReady(step, service);
  if (status === 'PENDING') {
    const awaitedBy = step.pod || step.name;
    const text = awaitedText(session, service.name, awaitedBy);
    return text === undefined ? undefined : { text };
  }
  if (status !== 'PREPARED') return undefined;
  const needs = session.explanations.get(stepId(service.name, plan, step.name))?.needs ?? [];
  const [first] = needs;
  if (!first) return { text: hasLiveTask(step, service) ? 'waits until its old tasks have ended' : 'waits for offers' };
  const more = needs.length > most ? `; and ${needs.length - most} more` : '';
  return { text: `no place yet: ${needs.slice(0, most).map(needText).join('; ')}${more}`, need: first.need };
}

/** A task that runs but whose readiness check has not passed. */
function whyNotReady(step: Step, service: Service): Waiting | undefined {
  for (const task of step.tasks) {
    const record = service.tasks.get(taskName(step.podType, step.podIndex, task));
    if (!record?.info.check || record.status?.state !== 'TASK_RUNNING') continue;
    const code = record.status.check_status?.command?.exit_code;
    if (code === 0) continue;
    return {
      text: `the readiness check of ${task} ${code === undefined ? 'has no result yet' : `exits with ${code}`}`,
    };
  }
  return undefined;
}

function hasLiveTask(step: Step, service: Service): boolean {
  return step.tasks.some((task) => {
    const record = service.tasks.get(taskName(step.podType, step.podIndex, task));
    return record !== undefined && isLive(record);
  });
}
