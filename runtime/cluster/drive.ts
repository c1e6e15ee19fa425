/**
 * Runs a machine in real time: what arrives goes in, in order; the checkpoint of a batch is durable before anything of it is done;
 * time wakes it up. It never looks at what passes through. The simulator does the same without it, in virtual time.
 */
import type { Clock } from '../kit/clock.ts';

/** The master and the agents: synchronous, and blind to everything but their inputs. */
export interface Machine<Input, Output> {
  take(input: Input, now: number): Output[];
  wakeAt(): number | undefined;
}

export interface Shell<Output extends { kind: string }> {
  /** Resolves once the checkpoint survives a power cut. A rejection ends the process. */
  save(output: Extract<Output, { kind: 'save' }>): Promise<void>;
  act(output: Exclude<Output, { kind: 'save' }>): void;
}

export interface Driver<Input> {
  put(input: Input): void;
  /** Nothing is taken or done any more: to the machine it is a power cut. Resolves once no checkpoint is being written. */
  stop(): Promise<void>;
}

export function drive<Input, Output extends { kind: string }>(
  machine: Machine<Input | { kind: 'tick' }, Output>,
  shell: Shell<Output>,
  clock: Clock,
): Driver<Input> {
  let inbox: (Input | { kind: 'tick' })[] = [];
  let busy = false;
  let running = Promise.resolve();
  let stopped = false;
  let alarm: NodeJS.Timeout | undefined;

  return {
    put(input) {
      inbox.push(input);
      wake();
    },
    stop() {
      stopped = true;
      clearTimeout(alarm);
      return running;
    },
  };

  /** Later in this turn of the event loop, so that what arrives together is one batch and no machine calls into another. */
  function wake(): void {
    if (busy || stopped) return;
    busy = true;
    running = Promise.resolve().then(run);
  }

  async function run(): Promise<void> {
    while (inbox.length > 0 && !stopped) await takeBatch();
    busy = false;
    setAlarm();
  }

  async function takeBatch(): Promise<void> {
    const batch = inbox;
    inbox = [];
    const outputs = batch.flatMap((input) => machine.take(input, clock()));
    // A checkpoint is the whole state, so the last one stands for all of the batch.
    const save = outputs.findLast(isSave);
    if (save) await shell.save(save);
    if (stopped) return;
    for (const output of outputs) if (!isSave(output)) shell.act(output as Exclude<Output, { kind: 'save' }>);
  }

  function setAlarm(): void {
    clearTimeout(alarm);
    const at = machine.wakeAt();
    if (stopped || at === undefined) return;
    // Rounded up, so that the clock has reached the time when the alarm goes off; capped at what a timer can hold.
    const delay = Math.min(Math.max(0, Math.ceil(at - clock())), 2 ** 31 - 1);
    alarm = setTimeout(() => {
      inbox.push({ kind: 'tick' });
      wake();
    }, delay);
  }

  function isSave(output: Output): output is Extract<Output, { kind: 'save' }> {
    return output.kind === 'save';
  }
}
