/**
 * The leading master as the election in ZooKeeper has it. Promises the leader of now at every question, and that who subscribed
 * to one that leads no more is told. A ZooKeeper that is silent ends no subscription: the master's own stream tells whether it lives.
 */
import { type ElectionAddress, type Outcome, watchElection } from './election.ts';
import type { Found, Masters } from './masters.ts';

/** How long a question waits for ZooKeeper, or for an election, in milliseconds: less than the loop waits for SUBSCRIBED. */
const PATIENCE_MS = 20_000;

export function electedMaster(address: ElectionAddress, patienceMs = PATIENCE_MS): Masters {
  const silent = `ZooKeeper at ${address.servers} does not answer`;
  const waiting = new Set<(outcome: Outcome) => void>();
  let leader: { readonly origin: string; readonly deposed: AbortController } | undefined;
  const election = watchElection(address, (outcome) => {
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

  return {
    find: (ended) =>
      new Promise<Found>((resolve, reject) => {
        let why = silent;
        const timer = setTimeout(() => {
          // A connection that hangs is not noticed by itself.
          if (why === silent) election.look(true);
          finish(() => reject(new Error(why)));
        }, patienceMs);
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          waiting.delete(hear);
          settle();
        };
        const hear = (outcome: Outcome) => {
          if (outcome.kind === 'leader')
            finish(() => resolve({ origin: outcome.origin, deposed: leader!.deposed.signal }));
          else if (outcome.kind === 'unknown') finish(() => reject(new Error(outcome.why)));
          else why = outcome.why;
        };
        waiting.add(hear);
        ended.addEventListener('abort', () => finish(() => reject(new Error('closed by the scheduler'))), {
          once: true,
        });
        election.look(false);
      }),
    close: () => election.close(),
  };
}
