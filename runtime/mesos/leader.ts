/**
 * The leading master as the election in ZooKeeper has it. Promises the leader of now at every question, and that who subscribed
 * to one that leads no more is told. A ZooKeeper that is silent ends no subscription: the master's own stream tells whether it lives.
 */
import { type ElectionAddress, type OpenElectionSession, type Outcome, watchElection } from './election.ts';
import type { Found, Masters } from './masters.ts';

/** How long a question waits for ZooKeeper, or for an election, in milliseconds: less than the loop waits for SUBSCRIBED. */
const PATIENCE_MS = 20_000;

export function electedMaster(
  address: ElectionAddress,
  openSession: OpenElectionSession,
  patienceMs = PATIENCE_MS,
): Masters {
  const waiting = new Set<(outcome: Outcome) => void>();
  let leader: { readonly origin: string; readonly deposed: AbortController } | undefined;
  const election = watchElection(address, openSession, (outcome) => {
    follow(outcome);
    for (const hear of waiting) hear(outcome);
  });

  /** What cannot be read is no reason to leave a leader. */
  function follow(outcome: Outcome): void {
    if (outcome.kind === 'unknown') return;
    const origin = outcome.kind === 'leader' ? outcome.origin : undefined;
    if (origin === leader?.origin) return;
    leader?.deposed.abort(outcome.kind === 'leader' ? `the leading master is now ${outcome.origin}` : outcome.why);
    leader = origin === undefined ? undefined : { origin, deposed: new AbortController() };
  }

  function find(ended: AbortSignal): Promise<Found> {
    return new Promise((resolve, reject) => {
      let why = `ZooKeeper at ${address.servers} does not answer`;
      const fail = (reason: string) => {
        stop();
        reject(new Error(reason));
      };
      const hear = (outcome: Outcome) => {
        if (outcome.kind === 'unknown') return fail(outcome.why);
        if (outcome.kind === 'nobody') {
          why = outcome.why;
          return;
        }
        stop();
        resolve({ origin: outcome.origin, deposed: leader!.deposed.signal });
      };
      const giveUp = () => fail('closed by the scheduler');
      const timer = setTimeout(() => fail(why), patienceMs);
      const stop = () => {
        clearTimeout(timer);
        ended.removeEventListener('abort', giveUp);
        waiting.delete(hear);
      };
      ended.addEventListener('abort', giveUp);
      waiting.add(hear);
      election.look();
    });
  }

  return { find, close: () => election.close() };
}
