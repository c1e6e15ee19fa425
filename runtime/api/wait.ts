/**
 * Answers that are held back until something is decided. Promises to ask again after every durable change and not otherwise, and an
 * end: when the time is over, or nobody waits any more.
 */
import type { Scheduler } from '../loop/run.ts';
import { type Answer, text } from './answer.ts';

/** Proxies and load balancers give up on silence after some minutes. */
const LONGEST_S = 300;

/** The seconds of `?wait=`; 0 without it. */
export function secondsToWait(query: Readonly<Record<string, unknown>>): number | Answer {
  const said = [query['wait']].flat()[0];
  if (said === undefined) return 0;
  const seconds = said === '' ? Number.NaN : Number(said);
  if (seconds >= 0 && seconds <= LONGEST_S) return seconds;
  return text(400, `wait is "${said}"; expected seconds, at most ${LONGEST_S}`);
}

/** What `ask` answers first that is not 202, or what it answers in the end. */
export async function decided(
  scheduler: Pick<Scheduler, 'watch'>,
  ask: () => Promise<Answer>,
  end: AbortSignal,
): Promise<Answer> {
  let changed = false;
  let wake = () => {};
  const unwatch = scheduler.watch(() => {
    changed = true;
    wake();
  });
  const woken = () => new Promise<void>((resolve) => (wake = resolve));
  const stop = () => wake();
  end.addEventListener('abort', stop);
  try {
    for (;;) {
      changed = false;
      const answer = await ask();
      if (answer.status !== 202 || end.aborted) return answer;
      if (!changed) await woken();
    }
  } finally {
    unwatch();
    end.removeEventListener('abort', stop);
  }
}
