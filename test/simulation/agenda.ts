/**
 * Virtual time: what is due when, in an order that the same seed repeats. Promises that what is due at one time keeps the order
 * in which it was asked for; it never waits and reads no clock.
 */

type Run = () => void | Promise<void>;

/** Something that has a next time of its own, which changes with everything it does. */
export interface Timer {
  at: number;
  readonly run: Run;
}

interface Entry {
  readonly at: number;
  readonly run: Run;
}

export class Agenda {
  now = 1_000_000;
  private readonly timers = new Set<Timer>();
  private readonly entries: Entry[] = [];

  timer(run: Run): Timer {
    const timer = { at: Number.POSITIVE_INFINITY, run };
    this.timers.add(timer);
    return timer;
  }

  forget(timer: Timer): void {
    this.timers.delete(timer);
  }

  after(ms: number, run: Run): void {
    const entry = { at: this.now + ms, run };
    const index = this.entries.findLastIndex((other) => other.at <= entry.at);
    this.entries.splice(index + 1, 0, entry);
  }

  /** Lets things happen until `done`, or for this long. True when it is done. */
  async run(ms: number, done: () => boolean = () => false): Promise<boolean> {
    const until = this.now + ms;
    for (;;) {
      if (done()) return true;
      const next = this.next();
      if (!next || next.at > until) {
        this.now = until;
        return done();
      }
      if (next === this.entries[0]) this.entries.shift();
      this.now = Math.max(this.now, next.at);
      await next.run();
    }
  }

  private next(): Entry | undefined {
    let first: Entry | undefined = this.entries[0];
    for (const timer of this.timers) {
      if (timer.at !== Number.POSITIVE_INFINITY && (!first || timer.at <= first.at)) first = timer;
    }
    return first;
  }
}
