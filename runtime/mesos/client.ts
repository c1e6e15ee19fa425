/**
 * One subscription to a Mesos master, from SUBSCRIBE to its end. It promises events in order, calls in order and exactly one
 * `closed`, after which nothing comes; it never reconnects, waits for heartbeats or backs off: the scheduler's loop does.
 */
import { assert } from '../kit/assert.ts';
import type { Call, MesosEvent } from '../kit/mesos-call.ts';
import type { Authentication } from './authentication.ts';
import { orderedCalls } from './calls.ts';
import { decodeEvent, encodeCall, type Media } from './codec.ts';
import { messageOf, type Wire } from './http.ts';
import type { Masters } from './masters.ts';
import { recordDecoder } from './recordio.ts';
import { openSubscription, type Subscription } from './subscription.ts';

export type ConnectionEvent =
  /** The master accepted SUBSCRIBE: calls may be sent. Its SUBSCRIBED event follows. */
  | { kind: 'opened' }
  | { kind: 'event'; event: MesosEvent }
  /** Over, for the reason given (a sentence for the log). What was sent may or may not have been carried out: reconcile. */
  | { kind: 'closed'; reason: string };

export interface Connection {
  /** Queues a call behind those before it; only after `opened`. Once closed, calls go nowhere. A full queue closes at once. */
  send(call: Call): void;
  /** Ends the subscription; `closed` is told before this returns, unless it was told before. */
  close(): void;
}

export interface ConnectionOptions {
  masters: Masters;
  media?: Media;
  /** PEM of the only authorities to trust; absent: those of Node.js. */
  ca?: string;
  /** What the masters want to see; absent: they let everybody in. */
  authentication?: Authentication;
  /** How long an answer to a call may take, in milliseconds: about five heartbeats of Mesos. */
  timeoutMs?: number;
  /** Told of each call that the master accepted, and how many milliseconds it took to say so. */
  onAnswer?: (ms: number) => void;
}

/** Subscribes. `on` must only take in what it is told (it may call `send` and `close`); it is never called before this returns. */
export function connect(options: ConnectionOptions, subscribe: Call, on: (event: ConnectionEvent) => void): Connection {
  const { masters, media = 'application/x-protobuf', timeoutMs = 75_000, onAnswer = () => {}, ...rest } = options;
  const end = new AbortController();
  const principal = subscribe.type === 'SUBSCRIBE' ? (subscribe.subscribe.framework_info.principal ?? '') : '';
  const wire: Wire = { ...rest, media, timeoutMs, principal, ended: end.signal };
  let sendCall: ((call: Call) => void) | undefined;

  function close(reason: string): void {
    if (end.signal.aborted) return;
    end.abort();
    on({ kind: 'closed', reason });
  }

  /** Lasts as long as the subscription; resolves with the reason of its end. */
  async function run(): Promise<string> {
    const { origin, deposed } = await masters.find(end.signal);
    deposed?.addEventListener('abort', () => close(String(deposed.reason)), { signal: end.signal });
    if (deposed?.aborted) return String(deposed.reason);
    const subscription = await openSubscription(origin, encodeCall(subscribe, media), wire);
    if (end.signal.aborted) return '';
    sendCall = orderedCalls(subscription, wire, { accepted: onAnswer, fail: close });
    on({ kind: 'opened' });
    return read(subscription);
  }

  async function read({ master, stream }: Subscription): Promise<string> {
    const records = recordDecoder();
    try {
      for await (const chunk of stream) {
        for (const record of records.push(chunk)) {
          if (end.signal.aborted) return '';
          on({ kind: 'event', event: decodeEvent(record, media) });
        }
      }
    } catch (error) {
      return `the event stream of ${master} broke: ${messageOf(error)}`;
    }
    return `${master} closed the event stream${records.isInsideRecord() ? ' in the middle of a record' : ''}`;
  }

  run().then(close, (error: Error) => close(error.message));

  return {
    send(call) {
      if (end.signal.aborted) return;
      assert(sendCall, `${call.type} was sent before the subscription opened`);
      sendCall(call);
    },
    close: () => close('closed by the scheduler'),
  };
}
