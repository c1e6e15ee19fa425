/**
 * One frame: what has arrived goes in, what to store and then to say comes out. Promises to be pure but for the state handed in,
 * which it may change freely: if the writes cannot be stored, the process ends and the state with it.
 */
import { assertNever } from '../kit/assert.ts';
import type { NewId } from '../kit/clock.ts';
import { runCommand } from './command.ts';
import { answerOffers, seekOffers } from './demand.ts';
import { type Draft, isFull, newDraft, note, write } from './draft.ts';
import type { Effects } from './effect.ts';
import type { Event } from './event.ts';
import { sendKills, standingKills } from './kill.ts';
import { forgetOrders, onOrder } from './order.ts';
import { placeSteps } from './place.ts';
import { reconcile, startReconciling } from './reconcile.ts';
import { wipe } from './remove.ts';
import type { State } from './state.ts';
import { onOperation } from './tasks/operation.ts';
import { onStatus } from './tasks/status.ts';

export function frame(state: State, events: readonly Event[], now: number, newId: NewId): Effects {
  const draft = newDraft(state, now, newId);
  let taken = 0;
  for (const event of events) {
    if (isFull(draft)) break;
    takeIn(draft, event);
    taken++;
  }

  if (state.session.subscription !== 0) {
    const work = placeSteps(draft);
    if (!work.cut) forgetOrders(draft);
    reconcile(draft);
    // After the plans: what they have just marked to leave is ended in the same frame.
    sendKills(draft, new Map([...standingKills(draft), ...work.kills]));
    answerOffers(draft, work);
    seekOffers(draft, work);
  }
  const { writes, calls, orders, replies, notes, wakeAt } = draft;
  return { taken, writes, calls, orders, replies, notes, ...(Number.isFinite(wakeAt) ? { wakeAt } : {}) };
}

/** Folds one event into the state. What belongs to another subscription than the live one is dropped. */
function takeIn(draft: Draft, event: Event): void {
  const { session } = draft.state;
  switch (event.kind) {
    case 'subscribed':
      subscribed(draft, event);
      return;
    case 'command':
      draft.replies.push({ id: event.id, reply: runCommand(draft, event.command) });
      return;
    case 'order':
      onOrder(draft, event.id, event.reason);
      return;
    case 'removed':
      wipe(draft);
      return;
    case 'tick':
      return;
    default:
  }
  if (event.subscription !== session.subscription) return;
  switch (event.kind) {
    case 'lost':
      session.subscription = 0;
      session.offers.clear();
      if (session.tearingDown) wipe(draft);
      return;
    case 'offers':
      for (const offer of event.offers) session.offers.set(offer.id.value, { offer, arrivedAt: draft.now });
      session.landscape++;
      return;
    case 'rescind':
      session.offers.delete(event.offerId);
      return;
    case 'status':
      onStatus(draft, event.status);
      return;
    case 'operation':
      onOperation(draft, event.status);
      return;
    default:
      assertNever(event);
  }
}

function subscribed(draft: Draft, event: Extract<Event, { kind: 'subscribed' }>): void {
  const { state } = draft;
  const { session } = state;
  if (state.frameworkId !== event.frameworkId) {
    state.frameworkId = event.frameworkId;
    write(draft, { kind: 'framework-id', frameworkId: event.frameworkId });
  }
  session.subscription = event.subscription;
  session.masterDomain = event.masterDomain;
  session.offers.clear();
  // A new subscription is not suppressed, and its master has forgotten our filters.
  session.suppressed = false;
  session.fresh = true;
  session.revivedFor.clear();
  session.killSent.clear();
  note(draft, 'subscribed', { frameworkId: event.frameworkId, subscription: event.subscription });
  startReconciling(draft);
}
