/** What the scheduler's state tells of itself at one moment. Promises what is durable, looked at only when somebody asks. */
import type { Status } from './core/plan/plan.ts';
import { plansOf } from './core/plan/plans.ts';
import type { State } from './core/state.ts';
import type { Gauge } from './metrics/catalogue.ts';
import type { Gauges } from './metrics/metrics.ts';

/** How much waits: events for a frame, calls for the master's answer. */
export interface Queues {
  readonly events: number;
  readonly calls: number;
}

/** Plans bear the name of their service only where there are several. */
export function gaugesOf({ session, services }: State, now: number, { events, calls }: Queues): Gauges {
  const gauges = new Map<Gauge, number | boolean>([
    ['is_suppressed', session.suppressed],
    ['is_subscribed', session.subscription !== 0],
    ['offers.held', session.offers.size],
    ['queue.events', events],
    ['queue.calls', calls],
  ]);
  for (const service of services.values()) {
    const family = services.size === 1 ? 'plan_status' : (`plan_status.${service.name}` as const);
    for (const { name, status } of plansOf(service, session, now)) gauges.set(`${family}.${name}`, PROGRESS[status]);
  }
  return gauges;
}

/** http-api 8.1; the SDK has no number for DELAYED. */
const PROGRESS: Readonly<Record<Status, number>> = {
  ERROR: -1,
  COMPLETE: 0,
  WAITING: 1,
  PENDING: 1,
  DELAYED: 1,
  IN_PROGRESS: 2,
  PREPARED: 2,
  STARTING: 2,
  STARTED: 2,
};
