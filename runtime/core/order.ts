/**
 * What is had made elsewhere before the scheduler can go on: certificates in the secret store, and their removal. Promises that nothing
 * of it is durable: after a restart it is ordered again, and who fulfils it finds what is there already.
 */
import { type Draft, note, wake } from './draft.ts';
import type { Session } from './state.ts';

/** What may be kept of a certificate, each as a secret of its own. */
export type Artifact = 'certificate' | 'private-key' | 'root-ca-certificate' | 'keystore' | 'truststore';

interface Ordered {
  /** The same for the same order, also in another process. */
  readonly id: string;
  readonly service: string;
  /** The pod instance or the step that cannot go on without it. */
  readonly awaitedBy: string;
}

export type Order =
  | (Ordered & {
      readonly kind: 'certificate';
      readonly commonName: string;
      /** DNS names. */
      readonly alternativeNames: readonly string[];
      /** Paths in the secret store. All of them are made together, whatever the task mounts. */
      readonly secrets: Readonly<Record<Artifact, string>>;
    })
  /** Every certificate that was ever made for the service goes, with its key. */
  | (Ordered & { readonly kind: 'removal'; readonly namespace: string });

/** How far an order is. */
export interface Standing {
  readonly order: Order;
  readonly state: 'ordered' | 'done' | 'failed';
  /** Failures in a row, and why the last one was. */
  readonly failures: number;
  readonly reason?: string;
  /** It is ordered again at this time, in milliseconds since the epoch. */
  readonly retryAt: number;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** Whether it is done; else it is ordered, unless it has been. To be asked in each frame that cannot go on without it. */
export function isDone(draft: Draft, order: Order): boolean {
  const { orders } = draft.state.session;
  draft.awaited.add(order.id);
  const known = orders.get(order.id);
  if (known && known.state !== 'failed') return known.state === 'done';
  if (known && draft.now < known.retryAt) wake(draft, known.retryAt);
  else {
    const { failures, reason } = known ?? { failures: 0 };
    orders.set(order.id, { order, state: 'ordered', failures, ...(reason ? { reason } : {}), retryAt: draft.now });
    draft.orders.push(order);
  }
  return false;
}

/** The end of an order. With a reason: it is tried again, each time later. */
export function onOrder(draft: Draft, id: string, reason?: string): void {
  const { orders } = draft.state.session;
  const known = orders.get(id);
  if (!known) return;
  const { order, failures } = known;
  const keys = { for: order.awaitedBy, order: id };
  if (reason === undefined) {
    orders.set(id, { order, state: 'done', failures: 0, retryAt: draft.now });
    note(draft, `${WHAT[order.kind]} done`, keys);
    return;
  }
  const retryInMs = Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS);
  orders.set(id, { order, state: 'failed', failures: failures + 1, reason, retryAt: draft.now + retryInMs });
  note(draft, `${WHAT[order.kind]} failed`, { ...keys, reason, retryInMs }, 'warn');
}

/** What nobody waits for any more is forgotten, so that the next launch looks anew; what is under way is waited for. */
export function forgetOrders({ state, awaited }: Draft): void {
  const { orders } = state.session;
  for (const [id, { state }] of orders) if (state !== 'ordered' && !awaited.has(id)) orders.delete(id);
}

const WHAT = { certificate: 'certificates', removal: 'removal of certificates' } as const;

/** `waits for certificates: the authority is away`; undefined when the pod instance or step awaits nothing. */
export function awaitedText({ orders }: Session, service: string, awaitedBy: string): string | undefined {
  for (const { order, state, reason } of orders.values()) {
    if (state === 'done' || order.service !== service || order.awaitedBy !== awaitedBy) continue;
    return `waits for ${WHAT[order.kind]}${reason === undefined ? '' : `: ${reason}`}`;
  }
  return undefined;
}
