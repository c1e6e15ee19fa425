/** How one event stream is kept alive: when the next attempt is made, and when a silent stream counts as dead. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  connecting,
  deadline,
  heard,
  lost,
  type Subscription,
  subscribed,
  unsubscribed,
} from '../../../runtime/loop/subscription.ts';

const SLOWEST = 0.999_999;

/** A subscription that became live at this time, after attempts that failed. */
function live(at: number, failures = 0): Subscription {
  let subscription = unsubscribed(at);
  for (let n = 0; n < failures; n++) subscription = lost(connecting(subscription, at), at, SLOWEST);
  return subscribed(connecting(subscription, at), at, 15);
}

const pauseAfter = (subscription: Subscription, now: number, jitter = SLOWEST) =>
  Math.round(deadline(lost(subscription, now, jitter)) - now);

test('the first attempt is made at once, and waits 30 s for SUBSCRIBED', () => {
  expect(deadline(unsubscribed(1000))).toBe(1000);
  expect(deadline(connecting(unsubscribed(1000), 1000))).toBe(31_000);
});

test('pauses between attempts double from 0.25 to 15 s', () => {
  const pauses: number[] = [];
  let subscription = unsubscribed(0);
  for (let n = 0; n < 9; n++) {
    subscription = connecting(subscription, 0);
    pauses.push(pauseAfter(subscription, 0));
    subscription = lost(subscription, 0, SLOWEST);
  }
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test('jitter takes away up to half of a pause, so that schedulers do not come back all at once', () => {
  expect([0, 0.5, SLOWEST].map((jitter) => pauseAfter(live(0), 60_000, jitter))).toEqual([125, 188, 250]);
});

test('a stream that lasted begins the pauses anew; one that broke soon goes on with them', () => {
  expect(pauseAfter(live(0, 4), 15_000)).toBe(250);
  expect(pauseAfter(live(0, 4), 14_999)).toBe(4000);
});

test('five heartbeats that do not come end a stream; anything heard begins the count anew', () => {
  const stream = live(1000);
  expect(deadline(stream)).toBe(1000 + 75_000);
  expect(deadline(heard(stream, 60_000))).toBe(60_000 + 75_000);
  expect(deadline(subscribed(connecting(stream, 0), 0, 2))).toBe(10_000);
});

test('every attempt has a number of its own', () => {
  const first = live(0);
  const second = connecting(lost(first, 1, 0), 500);
  expect([first.number, second.number]).toEqual([1, 2]);
});

test('whatever happens, the next attempt comes within 15 s of a loss and never before it', () => {
  const step = fc.record({
    wait: fc.nat(40_000),
    answered: fc.boolean(),
    jitter: fc.double({ min: 0, max: SLOWEST, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let [now, subscription] = [0, unsubscribed(0)];
      for (const { wait, answered, jitter } of steps) {
        now = Math.max(now, deadline(subscription));
        subscription = connecting(subscription, now);
        if (answered) subscription = subscribed(subscription, now, 15);
        now += wait;
        subscription = lost(subscription, now, jitter);
        expect(deadline(subscription) - now).toBeGreaterThan(0);
        expect(deadline(subscription) - now).toBeLessThanOrEqual(15_000);
      }
    }),
  );
});
