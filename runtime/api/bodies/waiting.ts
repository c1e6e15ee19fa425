/** Why a step that may start has not started, in words. Promises to repeat what the core found, never to guess. */
import type { Reason } from '../../core/offer/match.ts';
import type { Step } from '../../core/plan/plan.ts';
import type { Service, Session } from '../../core/state.ts';
import { taskName } from '../../core/tasks/name.ts';
import { isLive } from '../../core/tasks/record.ts';

/** What is said of a step that looks for a place: at most this many needs. */
const MOST = 5;

/** `agent-1: cpus: wanted 4, had 2.5` */
export function reasonText(reason: Reason): string {
  return `${reason.agent}: ${reason.need}: wanted ${reason.wanted}, had ${reason.had}`;
}

/** The needs that were not met by the newest offers, or what else the step waits for. Undefined when it does not wait. */
export function whyWaiting(step: Step, service: Service, session: Session): string | undefined {
  if (step.status !== 'PREPARED') return undefined;
  const reasons = session.explanations.get(step.name) ?? [];
  if (reasons.length === 0) {
    return hasLiveTask(step, service) ? 'waits until its old tasks have ended' : 'waits for offers';
  }
  const more = reasons.length > MOST ? `; and ${reasons.length - MOST} more` : '';
  return `no place yet: ${reasons.slice(0, MOST).map(reasonText).join('; ')}${more}`;
}

function hasLiveTask(step: Step, service: Service): boolean {
  return step.tasks.some((task) => {
    const record = service.tasks.get(taskName(step.podType, step.podIndex, task));
    return record !== undefined && isLive(record);
  });
}
