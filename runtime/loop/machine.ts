/**
 * The scheduler's loop as a machine: what arrives is queued, a frame decides about all of it, its writes are committed, and only
 * then is anything said. Synchronous and free of I/O, so that the simulator drives the very code that runs in production.
 */
import type { Command, Reply } from '../core/command.ts';
import type { Effects, Note, Write } from '../core/effect.ts';
import type { Event } from '../core/event.ts';
import { frame } from '../core/frame.ts';
import { subscribeCall } from '../core/framework.ts';
import type { Order } from '../core/order.ts';
import type { State } from '../core/state.ts';
import type { NewId } from '../kit/clock.ts';
import type { Call, MesosEvent } from '../kit/mesos-call.ts';
import { connecting, deadline, heard, lost, subscribed, unsubscribed } from './subscription.ts';

/** What a connection to the master reports; exactly one `closed`, after which nothing comes. */
export type ConnectionEvent =
  | { kind: 'opened' }
  | { kind: 'event'; event: MesosEvent }
  | { kind: 'closed'; reason: string };

export type Input =
  | { kind: 'connection'; subscription: number; event: ConnectionEvent }
  | { kind: 'command'; id: number; command: Command }
  /** The end of an order; with a reason when it could not be fulfilled. */
  | { kind: 'order'; id: string; reason?: string }
  /** The last `commit` is durable. */
  | { kind: 'committed' }
  | { kind: 'tick' };

export type Output =
  | { kind: 'connect'; subscription: number; call: Call }
  | { kind: 'disconnect'; subscription: number }
  /** Of one subscription, in order; dropped when that is gone. */
  | { kind: 'send'; subscription: number; call: Call }
  /** To be fulfilled whatever becomes of the subscription. */
  | { kind: 'order'; order: Order }
  /** One transaction. There is never a second one before `committed`. */
  | { kind: 'commit'; writes: readonly Write[] }
  | { kind: 'reply'; id: number; reply: Reply }
  | { kind: 'note'; note: Note }
  /** Nothing can go on: say why, end the process with this code. */
  | { kind: 'exit'; code: number; message: string };

export interface Machine {
  /** `more`: another input is there already, so the frame is left to that one and decides about both. */
  take(input: Input, now: number, more?: boolean): Output[];
  /** When a `tick` is needed. */
  wakeAt(): number;
  /** How many events and commands no frame has decided about yet. */
  waiting(): number;
  /** A commit is under way: `state` is ahead of what is durable. */
  isCommitting(): boolean;
  readonly state: State;
}

export interface MachineConfig {
  readonly state: State;
  readonly newId: NewId;
  /** A number in [0, 1) for the pauses between attempts to subscribe. */
  readonly random: () => number;
  /** The frame as somebody measures it; absent: the frame itself. */
  readonly decide?: typeof frame;
}

export const EXIT_MESOS_ERROR = 6;

/** Five times what 10,000 tasks say when all are asked about. More than that waits only if the store does not keep up. */
const MAX_WAITING_EVENTS = 50_000;

/** What a new subscription brings anew, if it still holds. */
const SAID_AGAIN: ReadonlySet<Event['kind']> = new Set(['offers', 'rescind', 'status', 'operation']);

export function createMachine(config: MachineConfig, startedAt: number): Machine {
  const { state, newId, random, decide = frame } = config;
  let subscription = unsubscribed(startedAt);
  let queue: Event[] = [];
  let frameWakeAt = Number.POSITIVE_INFINITY;
  let committing: { effects: Effects; subscription: number } | undefined;

  function take(input: Input, now: number, more = false): Output[] {
    const out: Output[] = [];
    switch (input.kind) {
      case 'connection':
        // A stream that we ended ourselves still reports its end; that is no news.
        if (input.subscription === subscription.number && subscription.kind !== 'waiting') {
          out.push(...onConnection(input.event, now));
          if (queue.length > MAX_WAITING_EVENTS) out.push(...overflow(now));
        }
        break;
      case 'command':
        queue.push({ kind: 'command', id: input.id, command: input.command });
        break;
      case 'order':
        queue.push(input);
        break;
      case 'committed':
        if (committing) {
          const done = committing;
          committing = undefined;
          out.push(...speak(done.effects, done.subscription));
        }
        break;
      case 'tick':
        break;
    }
    if (now >= deadline(subscription)) out.push(...onDeadline(now));
    if (!more && !committing && (queue.length > 0 || now >= frameWakeAt)) out.push(...runFrame(now));
    return out;
  }

  function runFrame(now: number): Output[] {
    const events = queue.length > 0 ? queue : [{ kind: 'tick' } as const];
    const effects = decide(state, events, now, newId);
    queue = events.slice(effects.taken);
    frameWakeAt = effects.wakeAt ?? Number.POSITIVE_INFINITY;
    const { subscription: number } = state.session;
    if (effects.writes.length === 0) return speak(effects, number);
    committing = { effects, subscription: number };
    return [{ kind: 'commit', writes: effects.writes }];
  }

  function speak(effects: Effects, number: number): Output[] {
    return [
      ...effects.notes.map((note): Output => ({ kind: 'note', note })),
      ...effects.calls.map((call): Output => ({ kind: 'send', subscription: number, call })),
      ...effects.orders.map((order): Output => ({ kind: 'order', order })),
      ...effects.replies.map((reply): Output => ({ kind: 'reply', ...reply })),
    ];
  }

  function onDeadline(now: number): Output[] {
    switch (subscription.kind) {
      case 'waiting':
        // After an uninstall there is nothing to say to Mesos any more.
        if (isUninstalled(state)) {
          subscription = { ...subscription, retryAt: Number.POSITIVE_INFINITY };
          return [];
        }
        subscription = connecting(subscription, now);
        return [{ kind: 'connect', subscription: subscription.number, call: subscribeCall(state) }];
      case 'connecting':
        return giveUp('no master answered SUBSCRIBE in time', now);
      case 'live':
        return giveUp('no heartbeat from the master', now);
    }
  }

  /** Ends the stream from our side. */
  function giveUp(reason: string, now: number): Output[] {
    const { number } = subscription;
    return [{ kind: 'disconnect', subscription: number }, ...onLost(reason, now)];
  }

  /** Mesos says what matters again to the next subscription: nothing that waits is acknowledged. */
  function overflow(now: number): Output[] {
    const reason = `${queue.length} events of Mesos wait for the store`;
    queue = queue.filter(({ kind }) => !SAID_AGAIN.has(kind));
    return giveUp(reason, now);
  }

  function onLost(reason: string, now: number): Output[] {
    queue.push({ kind: 'lost', subscription: subscription.number });
    subscription = lost(subscription, now, random());
    const keys = { reason, retryInMs: Math.round(deadline(subscription) - now) };
    return [{ kind: 'note', note: { level: 'warn', message: 'not connected to the master', keys } }];
  }

  function onConnection(event: ConnectionEvent, now: number): Output[] {
    switch (event.kind) {
      case 'opened':
        return [];
      case 'closed':
        return onLost(event.reason, now);
      case 'event':
        subscription = heard(subscription, now);
        return onMesos(event.event, now);
    }
  }

  function onMesos(event: MesosEvent, now: number): Output[] {
    const { number } = subscription;
    switch (event.type) {
      case 'SUBSCRIBED': {
        const { framework_id, heartbeat_interval_seconds, master_info } = event.subscribed;
        subscription = subscribed(subscription, now, heartbeat_interval_seconds || 15);
        const masterDomain = master_info?.domain;
        queue.push({
          kind: 'subscribed',
          subscription: number,
          frameworkId: framework_id.value,
          ...(masterDomain ? { masterDomain } : {}),
        });
        return [];
      }
      case 'OFFERS':
        queue.push({ kind: 'offers', subscription: number, offers: event.offers.offers ?? [] });
        return [];
      case 'RESCIND':
        queue.push({ kind: 'rescind', subscription: number, offerId: event.rescind.offer_id.value });
        return [];
      case 'UPDATE':
        queue.push({ kind: 'status', subscription: number, status: event.update.status });
        return [];
      case 'UPDATE_OPERATION_STATUS':
        queue.push({ kind: 'operation', subscription: number, status: event.update_operation_status.status });
        return [];
      case 'ERROR':
        if (isUninstalling(state) && event.error.message.includes('removed')) {
          queue.push({ kind: 'removed' });
          return [];
        }
        return [{ kind: 'exit', code: EXIT_MESOS_ERROR, message: mesosError(event.error.message) }];
      default:
        return [];
    }
  }

  return {
    take,
    wakeAt: () => Math.min(deadline(subscription), committing ? Number.POSITIVE_INFINITY : frameWakeAt),
    waiting: () => queue.length,
    isCommitting: () => committing !== undefined,
    state,
  };
}

function isUninstalling(state: State): boolean {
  return [...state.services.values()].some((service) => service.uninstall !== undefined);
}

function isUninstalled(state: State): boolean {
  return [...state.services.values()].every((service) => service.uninstall === 'done');
}

function mesosError(message: string): string {
  if (!message.includes('removed')) return `Mesos refused this framework: ${message}`;
  return (
    `Mesos refused this framework: ${message}. Its id was torn down or its failover timeout passed, and an id never comes back. ` +
    'To deploy the service anew, start it with an empty store (another --data-dir or --store); volumes of the old framework stay reserved. docs/production.md says more.'
  );
}
