/**
 * Answers kept for those who ask the same. Promises that nobody is shown what was true before the last durable change, or longer
 * than a second ago; keeps no more than so many.
 */
import type { Scheduler } from '../loop/run.ts';
import type { Answer } from './answer.ts';

/** Some words of an answer tell how long something takes yet. */
const LONGEST_MS = 1000;
/** Who asks for more different things than that is not looking at a service. */
const MOST = 100;

export type Kept = (question: string, answer: () => Promise<Answer>) => Promise<Answer>;

/** As it goes over the wire: a long one is not encoded again for each who asks. */
function encoded(answer: Answer): Answer {
  return { ...answer, body: Buffer.from(answer.body) };
}

/** An answer is shared also while it is being made. */
export function keepAnswers(scheduler: Pick<Scheduler, 'watch'>): Kept {
  const kept = new Map<string, Promise<Answer>>();
  let timer: NodeJS.Timeout | undefined;
  function forget(): void {
    kept.clear();
    clearTimeout(timer);
    timer = undefined;
  }
  scheduler.watch(forget);
  return (question, answer) => {
    const known = kept.get(question);
    if (known) return known;
    const made = answer().then(encoded);
    if (kept.size < MOST) kept.set(question, made);
    timer ??= setTimeout(forget, LONGEST_MS).unref();
    made.catch(forget);
    return made;
  };
}
