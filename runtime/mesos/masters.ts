/**
 * Which master to subscribe to. Promises one to ask at every try, and to tell when it leads no more if anybody can know that;
 * it never talks to a master itself.
 */
import type { MasterAddress } from './address.ts';
import type { OpenElectionSession } from './election.ts';

export interface Masters {
  /** Rejects, saying why, when none is known; may wait a while for one to be elected, until `ended` at most. */
  find(ended: AbortSignal): Promise<Found>;
  /** No more is asked of it. */
  close(): void;
}

export interface Found {
  /** `http://host:port` */
  readonly origin: string;
  /** Aborted, with a sentence as its reason, when another master leads. Absent: nobody tells. */
  readonly deposed?: AbortSignal;
}

/** `openSession` is loaded and called only where the masters are found through ZooKeeper. */
export async function mastersAt(
  address: MasterAddress,
  openSession: () => Promise<OpenElectionSession>,
): Promise<Masters> {
  if (address.kind === 'list') return inTurn(address.origins);
  // Loaded when needed: most schedulers on a laptop never see a ZooKeeper.
  const { electedMaster } = await import('./leader.ts');
  return electedMaster(address, await openSession());
}

/** Each in its turn; whoever does not lead redirects to the one that does. */
export function inTurn(origins: readonly string[]): Masters {
  let turn = 0;
  return {
    find: async () => ({ origin: origins[turn++ % origins.length]! }),
    close() {},
  };
}
