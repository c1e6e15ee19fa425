/**
 * How we deal with offers as good neighbours: what is used is accepted, what is left over is cleaned of our own leftovers or
 * declined, and Mesos is told when we want more (REVIVE) or none (SUPPRESS). Every offer is answered exactly once.
 */
import type { Resource } from '../kit/mesos.ts';
import type { OfferOperation } from '../kit/mesos-call.ts';
import { type Draft, note, putOperation, say, wake } from './draft.ts';
import { conversion } from './offer/operations.ts';
import type { AgentPool } from './offer/pool.ts';
import { footprintIds, resourceIdsOf, withoutVolume } from './offer/reserved.ts';
import type { Work } from './place.ts';
import type { Service, State } from './state.ts';

/** While steps are left, unused offers wait this long for the next one. */
const HOLD_MS = 2_000;
/** Between two REVIVEs. */
const REVIVE_MS = 1_000;
const SHORT_SECONDS = 5;
const LONG_SECONDS = 3_600;
/** For what an ACCEPT leaves over. */
const ACCEPT_SECONDS = 1;

export function answerOffers(draft: Draft, work: Work): void {
  const { session } = draft.state;
  const pools = [...work.market.pools.values()].filter((pool) => pool.reserved.size > 0);
  const kept = pools.length > 0 ? keptIds(draft.state) : new Set<string>();
  for (const pool of pools) tidy(draft, pool, work, kept);
  for (const [key, operations] of work.accepts) {
    const pool = work.market.pools.get(key);
    if (!pool) continue;
    say(draft, {
      type: 'ACCEPT',
      accept: {
        offer_ids: pool.offers.map((offer) => offer.id),
        operations,
        filters: { refuse_seconds: ACCEPT_SECONDS },
      },
    });
    for (const offer of pool.offers) session.offers.delete(offer.id.value);
  }
  if (!work.cut) decline(draft, work.unfinished);
}

/** Reservations of ours that no record stands for are given back; a volume is destroyed first. Never someone else's. */
function tidy(draft: Draft, pool: AgentPool, work: Work, kept: ReadonlySet<string>): void {
  const leftovers = [...pool.reserved].filter(([id]) => !kept.has(id)).map(([, resource]) => resource);
  if (leftovers.length === 0) return;
  const service = ownerOf(draft.state, leftovers);
  if (!service) return;
  const operations: OfferOperation[] = [];
  const add = (type: 'DESTROY' | 'UNRESERVE', resources: readonly Resource[]) => {
    const id = draft.newId();
    const operation = conversion(type, id, resources);
    if (!operation) return;
    operations.push(operation);
    putOperation(draft, service, id, { type, agentId: pool.agentId, resourceIds: resourceIdsOf(resources) });
  };
  const volumes = leftovers.filter((resource) => resource.disk?.persistence);
  add('DESTROY', volumes);
  add('UNRESERVE', leftovers.map(withoutVolume));
  work.accepts.set(pool.key, [...(work.accepts.get(pool.key) ?? []), ...operations]);
  note(draft, 'giving back leftovers', {
    agent: pool.hostname,
    agentId: pool.agentId,
    resources: resourceIdsOf(leftovers).join(' '),
  });
}

/** Resource ids that a record stands for, or that are being given back already. */
function keptIds(state: State): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const service of state.services.values()) {
    for (const record of service.tasks.values()) for (const id of footprintIds(record.info)) kept.add(id);
    for (const operation of service.operations.values()) {
      if (operation.type === 'UNRESERVE') for (const id of operation.resourceIds) kept.add(id);
    }
  }
  return kept;
}

/** The service that abandoned one of these, else the first: a framework of one service owns all its reservations. */
function ownerOf(state: State, leftovers: readonly Resource[]): Service | undefined {
  const ids = resourceIdsOf(leftovers);
  const services = [...state.services.values()];
  return services.find((service) => ids.some((id) => service.abandoned.has(id))) ?? services[0];
}

function decline(draft: Draft, unfinished: boolean): void {
  const { session } = draft.state;
  const declined: string[] = [];
  for (const [id, { arrivedAt }] of session.offers) {
    if (unfinished && draft.now < arrivedAt + HOLD_MS) wake(draft, arrivedAt + HOLD_MS);
    else declined.push(id);
  }
  if (declined.length === 0) return;
  for (const id of declined) session.offers.delete(id);
  const refuse_seconds = unfinished ? SHORT_SECONDS : LONG_SECONDS;
  say(draft, {
    type: 'DECLINE',
    decline: { offer_ids: declined.map((value) => ({ value })), filters: { refuse_seconds } },
  });
}

/** REVIVE when work is there that the last one was not for; SUPPRESS when there is none. */
export function seekOffers(draft: Draft, work: Work): void {
  const { session } = draft.state;
  if (work.cut) return;
  const { fresh } = session;
  session.fresh = false;
  session.reviveWaits = false;
  if (!work.unfinished) {
    session.revivedFor.clear();
    if (session.suppressed) return;
    session.suppressed = true;
    say(draft, { type: 'SUPPRESS' });
    return;
  }
  const wanted = new Set(work.unplaced);
  for (const service of draft.state.services.values()) for (const id of service.abandoned.keys()) wanted.add(id);
  for (const old of session.revivedFor) if (!wanted.has(old)) session.revivedFor.delete(old);
  const isNew = [...wanted].some((item) => !session.revivedFor.has(item));
  if (!isNew && !session.suppressed) return;
  const allowedAt = session.lastReviveAt + REVIVE_MS;
  if (!fresh && draft.now < allowedAt) {
    session.reviveWaits = true;
    wake(draft, allowedAt);
    return;
  }
  if (!fresh) say(draft, { type: 'REVIVE' });
  session.suppressed = false;
  if (!fresh) session.lastReviveAt = draft.now;
  for (const item of wanted) session.revivedFor.add(item);
}
