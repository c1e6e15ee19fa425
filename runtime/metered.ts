/**
 * Counts what passes between the scheduler and the world: frames, transactions, events and calls. Promises that nothing passes
 * otherwise for it, and to know nothing of who reads the numbers.
 */
import { frame } from './core/frame.ts';
import type { OperationState } from './kit/mesos.ts';
import type { Call } from './kit/mesos-call.ts';
import type { Ports } from './loop/run.ts';
import { type ConnectionOptions, connect } from './mesos/client.ts';
import { countCall, countEvent } from './metrics/mesos.ts';
import { count, countMember, type Metrics, measure, time } from './metrics/metrics.ts';
import type { Tree } from './store/tree.ts';

/** A frame that is timed. */
export function meteredFrame(metrics: Metrics): typeof frame {
  return (state, ...rest) => {
    const { reviveWaits } = state.session;
    const startedAt = performance.now();
    const effects = frame(state, ...rest);
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

/** Counted from the start, as is the end of a connection: whoever waits for trouble to grow has to see it before. */
const FAILURES: readonly OperationState[] = ['OPERATION_DROPPED', 'OPERATION_ERROR', 'OPERATION_FAILED'];

export function meteredWire(metrics: Metrics, options: ConnectionOptions): MeteredWire {
  count(metrics, 'mesos.disconnects', 0);
  for (const state of FAILURES) countMember(metrics, 'operation_status.*', state, 0);
  let last = { unanswered: 0 };
  return {
    connect(subscribe, on) {
      const own = { unanswered: 0 };
      last = own;
      const onAnswer = (ms: number) => {
        // An answer may still arrive just after the end.
        own.unanswered = Math.max(own.unanswered - 1, 0);
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
