/**
 * Keeps one event stream to the master alive: connects, watches its heartbeat, and after a loss tries again with growing pauses.
 * A pure machine: time is handed in, connecting is somebody else's work.
 */

/** Pauses between attempts, doubling from the first to the longest. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** A stream that lasted so long was a good one; one that breaks sooner, again and again, is not tried at full speed. */
const STEADY_MS = 15_000;
/** A stream that was silent for this many heartbeat intervals is dead (scheduler-behaviour 11.1). */
const MISSED_HEARTBEATS = 5;
/** How long an attempt may take until the master has said SUBSCRIBED, with the search for the leader and a login. */
const CONNECT_MS = 30_000;

export type Subscription =
  | { readonly kind: 'waiting'; readonly number: number; readonly retryAt: number; readonly pause: number }
  | { readonly kind: 'connecting'; readonly number: number; readonly since: number; readonly pause: number }
  | {
      readonly kind: 'live';
      readonly number: number;
      readonly since: number;
      readonly heardAt: number;
      readonly heartbeatMs: number;
      readonly pause: number;
    };

export function unsubscribed(now: number): Subscription {
  return { kind: 'waiting', number: 0, retryAt: now, pause: FIRST_PAUSE_MS };
}

/** The next attempt. Every one has a number of its own. */
export function connecting(from: Subscription, now: number): Subscription {
  return { kind: 'connecting', number: from.number + 1, since: now, pause: from.pause };
}

export function subscribed(from: Subscription, now: number, heartbeatSeconds: number): Subscription {
  const { number, pause } = from;
  return { kind: 'live', number, since: now, heardAt: now, heartbeatMs: heartbeatSeconds * 1000, pause };
}

/** Something arrived on the stream. */
export function heard(from: Subscription, now: number): Subscription {
  return from.kind === 'live' ? { ...from, heardAt: now } : from;
}

/** The stream is gone. `jitter` in [0, 1) spreads the attempts of many schedulers after a master's failure. */
export function lost(from: Subscription, now: number, jitter: number): Subscription {
  const steady = from.kind === 'live' && now - from.since >= STEADY_MS;
  const pause = steady ? FIRST_PAUSE_MS : from.pause;
  const retryAt = now + pause * (0.5 + jitter / 2);
  return { kind: 'waiting', number: from.number, retryAt, pause: Math.min(pause * 2, LONGEST_PAUSE_MS) };
}

/** When time alone changes something: the next attempt, or the moment the stream counts as dead. */
export function deadline(subscription: Subscription): number {
  switch (subscription.kind) {
    case 'waiting':
      return subscription.retryAt;
    case 'connecting':
      return subscription.since + CONNECT_MS;
    case 'live':
      return subscription.heardAt + subscription.heartbeatMs * MISSED_HEARTBEATS;
  }
}
