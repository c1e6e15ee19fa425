/**
 * The lock of a service: the one lease of Curator's semaphore (`InterProcessSemaphoreV2`), as upstream's scheduler takes it, so that
 * theirs and ours exclude each other. Promises that at most one live session has it; that its holder still has it when it writes
 * is for the fence to see (`fence.ts`).
 *
 *     <node>/lock/locks/_c_<uuid>-lock-<number>     who waits to take a lease; the lowest number is next
 *     <node>/lock/leases/_c_<uuid>-lease-<number>   the lease; taken by whoever is alone here
 */
import { setTimeout as delay } from 'node:timers/promises';
import { randomId, systemClock } from '../../kit/clock.ts';
import { LockHeld } from '../tree.ts';
import { type Access, childrenOf, createTicket, ensureNode, readNode, removeNode } from './nodes.ts';
import type { Session } from './session.ts';

/** Who has the lease, for people to read: kept in it. */
export interface Holder {
  readonly process: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface LeaseRequest {
  /** `<node>/lock` */
  readonly path: string;
  readonly holder: Holder;
  readonly access: Access;
  readonly patienceMs: number;
  /** Another one has it; told once, with a sentence that says who. */
  readonly onWait: (held: string) => void;
}

/** A watch may be lost with its connection, and waiting is rare: one looks again and again. */
const LOOK_MS = 250;

/** Resolves to the lease's path. Rejects with `LockHeld` when another session still has it after the patience. */
export async function takeLease(session: Session, request: LeaseRequest): Promise<string> {
  const { path, holder, access, patienceMs, onWait } = request;
  const [locks, leases] = [`${path}/locks`, `${path}/leases`];
  const until = systemClock() + patienceMs;
  // Curator's mark of one attempt.
  const own = `_c_${randomId()}-`;
  let told = false;

  async function wait(isMine: () => Promise<boolean>): Promise<void> {
    while (!(await isMine())) {
      const held = `the lock ${path} is held by ${await holderOf(session, leases, own)}`;
      if (systemClock() >= until) throw new LockHeld(`${held}; stop that scheduler first${remedy}`);
      if (!told) onWait(held);
      told = true;
      await delay(LOOK_MS);
    }
  }

  await ensureNode(session, locks, access);
  await ensureNode(session, leases, access);
  const turn = await createTicket(session, `${locks}/${own}lock-`, Buffer.alloc(0), access);
  await wait(async () => isFirst(turn, await childrenOf(session, locks)));
  const lease = await createTicket(session, `${leases}/${own}lease-`, Buffer.from(JSON.stringify(holder)), access);
  await wait(async () => (await childrenOf(session, leases)).every((name) => lease.endsWith(`/${name}`)));
  await removeNode(session, turn);
  return lease;
}

const remedy = '. One that was killed keeps it until its session ends, some seconds later';

function isFirst(path: string, names: readonly string[]): boolean {
  return names.every((name) => numberOf(path) <= numberOf(name));
}

function numberOf(name: string): number {
  return Number(name.slice(-10));
}

async function holderOf(session: Session, leases: string, own: string): Promise<string> {
  const [name] = (await childrenOf(session, leases)).filter((child) => !child.startsWith(own)).sort();
  const node = name === undefined ? undefined : await readNode(session, `${leases}/${name}`);
  if (!node) return 'another scheduler that is just taking it';
  const since = new Date(Number(node.stat.ctime.readBigInt64BE())).toISOString();
  return `${describe(node.data.toString())} since ${since}`;
}

/** Upstream's lease holds an address, ours a `Holder`. */
function describe(data: string): string {
  try {
    const { process, host }: Partial<Holder> = JSON.parse(data);
    if (process !== undefined && host !== undefined) return `process ${process} on host ${host}`;
  } catch {
    // Not ours.
  }
  return data === '' ? 'another scheduler' : `another scheduler (${data.slice(0, 100)})`;
}
