/**
 * Statuses on their way to a framework: one at a time, in order, repeated after 10, 20, 40 ... seconds until acknowledged
 * (trace 07, fact 36). It promises never to drop or overtake one; it never sends anything itself.
 */
import type { NewId } from '../kit/clock.ts';

const firstRetryMs = 10_000;

/** The first of `pending` is being said; the others wait. */
export interface Updates<S> {
  pending: S[];
  /** When the first one is said again; meaningless while nothing is pending. */
  sayAt: number;
  retryMs: number;
}

/** `pending` are those of a former life: silent until `sayAgain`. */
export function createUpdates<S>(pending: S[] = []): Updates<S> {
  return { pending, sayAt: Number.POSITIVE_INFINITY, retryMs: firstRetryMs };
}

/** Queues a status; returns whether it is to be said now (nothing was before it). */
export function push<S>(updates: Updates<S>, status: S, now: number): boolean {
  updates.pending.push(status);
  if (updates.pending.length > 1) return false;
  sayAgain(updates, now);
  return true;
}

/** Starts the repetition of the first status anew: it is said now. */
export function sayAgain<S>(updates: Updates<S>, now: number): void {
  updates.retryMs = firstRetryMs;
  updates.sayAt = now + firstRetryMs;
}

/** Takes the first status off; the next one, if any, is to be said now. */
export function acknowledge<S>(updates: Updates<S>, now: number): void {
  updates.pending.shift();
  sayAgain(updates, now);
}

/** Whether the first status is to be repeated now; if so its next repetition is twice as far away. */
export function isDue<S>(updates: Updates<S>, now: number): boolean {
  if (updates.pending.length === 0 || now < updates.sayAt) return false;
  updates.retryMs *= 2;
  updates.sayAt = now + updates.retryMs;
  return true;
}

/** When `isDue` may next be true. */
export function dueAt<S>(updates: Updates<S>): number {
  return updates.pending.length > 0 ? updates.sayAt : Number.POSITIVE_INFINITY;
}

/** A new uuid as statuses carry it: the base64 text of its 16 bytes. */
export function statusUuid(newId: NewId): string {
  return Buffer.from(newId().replaceAll('-', ''), 'hex').toString('base64');
}
