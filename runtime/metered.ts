/**
 * Counts what passes between the scheduler and the world, and reads the rest off its state. Promises that nothing passes otherwise
 * for it, and that a gauge shows what is durable.
 */
import type { Metrics as ServedMetrics } from './api/routes/metrics.ts';
import type { Effects, Note } from './core/effect.ts';
import { frame } from './core/frame.ts';
import type { Plan } from './core/plan/plan.ts';
import { plansOf } from './core/plan/plans.ts';
import type { State } from './core/state.ts';
import type { Call } from './kit/mesos.ts';
import type { Ports } from './loop/run.ts';
import { type ConnectionOptions, connect } from './mesos/client.ts';
import type { Gauge } from './metrics/catalogue.ts';
import { measureEventLoop } from './metrics/event-loop.ts';
import { forward, type StatsdServer } from './metrics/forward.ts';
import { jsonOf } from './metrics/json.ts';
import { countCall, countEvent } from './metrics/mesos.ts';
import { count, type Gauges, type Metrics, measure, type Snapshot, time } from './metrics/metrics.ts';
import { prometheusOf } from './metrics/prometheus.ts';
import type { Tree } from './store/tree.ts';

/** A frame that is timed. */
export function meteredFrame(metrics: Metrics): typeof frame {
  return (state, ...rest) => {
    const { reviveWaits } = state.session;
    const startedAt = performance.now();
    const effects: Effects = frame(state, ...rest);
    time(metrics, 'offers.process', performance.now() - startedAt);
    if (state.session.reviveWaits && !reviveWaits) count(metrics, 'revives.throttles');
    return effects;
  };
}

/** Commits that are timed, and weighed. */
export function meteredCommit(metrics: Metrics, tree: Tree): Tree['commit'] {
  return async (writes) => {
    const startedAt = performance.now();
    await tree.commit(writes);
    time(metrics, 'store.commit', performance.now() - startedAt);
    const bytes = writes.reduce((sum, write) => sum + (write.kind === 'put' ? write.data.length : 0), 0);
    measure(metrics, 'store.commit.writes', writes.length);
    measure(metrics, 'store.commit.bytes', bytes);
  };
}

/** Connections to a master of which both directions are counted, and how many calls the last one has not been answered. */
export interface MeteredWire {
  readonly connect: Ports['connect'];
  readonly unanswered: () => number;
}

export function meteredWire(metrics: Metrics, options: ConnectionOptions): MeteredWire {
  let last = { unanswered: 0 };
  return {
    connect(subscribe, on) {
      const own = { unanswered: 0 };
      last = own;
      const onAnswer = (ms: number) => {
        own.unanswered--;
        time(metrics, 'mesos.call', ms);
      };
      countCall(metrics, subscribe);
      const connection = connect({ ...options, onAnswer }, subscribe, (event) => {
        if (event.kind === 'event') countEvent(metrics, event.event);
        if (event.kind === 'closed') {
          own.unanswered = 0;
          count(metrics, 'mesos.disconnects');
        }
        on(event);
      });
      const send = (call: Call) => {
        own.unanswered++;
        countCall(metrics, call);
        connection.send(call);
      };
      return { send, close: connection.close };
    },
    unanswered: () => last.unanswered,
  };
}

/** What the state tells. Plans bear the name of their service only where there are several. */
export function stateGauges(state: State, now: number): Gauges {
  const { session, services } = state;
  const gauges = new Map<Gauge, number | boolean>([
    ['is_suppressed', session.suppressed],
    ['is_subscribed', session.subscription !== 0],
    ['offers.held', session.offers.size],
  ]);
  for (const service of services.values()) {
    const prefix = services.size === 1 ? 'plan_status' : (`plan_status.${service.name}` as const);
    for (const { name, status } of plansOf(service, session, now)) gauges.set(`${prefix}.${name}`, PROGRESS[status]);
  }
  return gauges;
}

/** http-api 8.1 */
const PROGRESS: Readonly<Record<Plan['status'], number>> = {
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

/** The numbers as the API serves them. */
export function printed(take: () => Promise<Snapshot>): ServedMetrics {
  return {
    json: async () => jsonOf(await take()),
    prometheus: async (names) => prometheusOf(await take(), names),
  };
}

/** Measures what nobody calls for, and sends the numbers to where they are wanted. Returns how to stop. */
export function report(
  metrics: Metrics,
  take: () => Promise<Snapshot>,
  { statsd, note }: { statsd?: StatsdServer; note: (note: Note) => void },
): () => void {
  const stopMeasuring = measureEventLoop(metrics);
  const trouble = (why: string | undefined) =>
    why === undefined
      ? note({ level: 'info', message: 'metrics are sent to StatsD again', keys: { host: statsd?.host } })
      : note({ level: 'warn', message: 'metrics cannot be sent to StatsD', keys: { host: statsd?.host, why } });
  const stopForwarding = statsd ? forward(statsd, take, trouble) : () => {};
  return () => {
    stopForwarding();
    stopMeasuring();
  };
}
