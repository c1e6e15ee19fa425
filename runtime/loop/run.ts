/**
 * The moving part: drives the loop's machine with a real clock, a connection, and a store. Promises that a commit which fails ends
 * the process, and that nobody reads what is not durable yet.
 */

import { adopt } from '../core/adopt.ts';
import type { Command, Reply } from '../core/command.ts';
import type { Note, Write } from '../core/effect.ts';
import type { Order } from '../core/order.ts';
import type { Service, State } from '../core/state.ts';
import type { Clock } from '../kit/clock.ts';
import type { Call } from '../kit/mesos-call.ts';
import type { ConnectionEvent, Input, Machine, Output } from './machine.ts';

export interface Connection {
  /** Queues a call behind the earlier ones. */
  send(call: Call): void;
  close(): void;
}

/** What the loop needs from the world. */
export interface Ports {
  readonly clock: Clock;
  /** One transaction; resolves when durable. */
  readonly commit: (writes: readonly Write[]) => Promise<void>;
  /** All that is stored now; undefined when it is no service any more. */
  readonly load: () => Promise<Service | undefined>;
  readonly connect: (subscribe: Call, on: (event: ConnectionEvent) => void) => Connection;
  /** Rejects, saying why, when it cannot be done now. */
  readonly fulfil: (order: Order) => Promise<void>;
  readonly note: (note: Note) => void;
  /** The end of the process: an exit code and why. Called at most once. */
  readonly exit: (code: number, message: string) => void;
}

export interface Scheduler {
  /** Resolves once the frame that answered it is durable. */
  command(command: Command): Promise<Reply>;
  /** Looks at committed state; what is handed out must be copied or printed at once. */
  read<T>(look: (state: State, now: number) => T): Promise<T>;
  /** Called after every change that is durable; returns how to stop. */
  watch(changed: () => void): () => void;
  /** Takes over what is stored, whoever wrote it. Nothing is decided meanwhile. Rejects, and changes nothing, when it cannot be read. */
  reload(): Promise<void>;
  /** Ends the stream and the timers. The framework stays subscribed in Mesos' eyes until its failover timeout. */
  stop(): void;
}

const EXIT_STORE = 1;

export function runScheduler(machine: Machine, ports: Ports): Scheduler {
  const watchers = new Set<() => void>();
  const replies = new Map<number, (reply: Reply) => void>();
  const readers: (() => void)[] = [];
  let connection: { subscription: number; connection: Connection } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let nextCommand = 1;
  let stopped = false;
  const inbox: Input[] = [];
  let giving = false;
  let reloading: Promise<void> | undefined;
  let soon: NodeJS.Immediate | undefined;

  /** A master says much in one piece, such as a status of each task: all of it is one frame. */
  function give(input: Input): void {
    inbox.push(input);
    if (input.kind === 'connection' && input.event.kind === 'event') soon ??= setImmediate(takeIn);
    else takeIn();
  }

  /** What acting brings in at once (a connection reports its end while it is closed) waits until all outputs are acted on. */
  function takeIn(): void {
    if (giving || reloading) return;
    giving = true;
    for (let next = inbox.shift(); next && !stopped; next = inbox.shift()) {
      for (const output of machine.take(next, ports.clock(), inbox.length > 0)) act(output);
    }
    giving = false;
    clearImmediate(soon);
    soon = undefined;
    if (!machine.isCommitting()) settled();
    schedule();
  }

  /** Between two frames, so that nothing which is decided now is overwritten with what was stored before. */
  async function readAnew(): Promise<void> {
    try {
      const stored = await ports.load();
      if (!stored) throw new Error('the store holds no service any more');
      adopt(machine.state, stored);
      settled();
    } finally {
      reloading = undefined;
      takeIn();
    }
  }

  /** What is durable, as soon as everything is. */
  function whenDurable<T>(look: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const read = () => {
        try {
          resolve(look());
        } catch (error) {
          reject(error);
        }
      };
      if (machine.isCommitting()) readers.push(read);
      else read();
    });
  }

  /** State is durable now: answer those who wait to read it, tell those who watch. */
  function settled(): void {
    for (const read of readers.splice(0)) read();
    for (const changed of watchers) changed();
  }

  function schedule(): void {
    clearTimeout(timer);
    if (stopped) return;
    const at = machine.wakeAt();
    if (!Number.isFinite(at)) return;
    const LONGEST_TIMER_MS = 2 ** 31 - 1;
    const wait = Math.min(Math.max(at - ports.clock(), 0), LONGEST_TIMER_MS);
    timer = setTimeout(() => give({ kind: 'tick' }), wait);
  }

  function act(output: Output): void {
    switch (output.kind) {
      case 'connect': {
        const { subscription } = output;
        const opened = ports.connect(output.call, (event) => give({ kind: 'connection', subscription, event }));
        connection = { subscription, connection: opened };
        return;
      }
      case 'disconnect':
        if (connection?.subscription === output.subscription) connection.connection.close();
        return;
      case 'send':
        if (connection?.subscription === output.subscription) connection.connection.send(output.call);
        return;
      case 'order': {
        const { order } = output;
        ports.fulfil(order).then(
          () => give({ kind: 'order', id: order.id }),
          (error: unknown) => give({ kind: 'order', id: order.id, reason: messageOf(error) }),
        );
        return;
      }
      case 'commit':
        ports.commit(output.writes).then(
          () => {
            // Here everything is durable, whatever comes next: who reads or watches need not wait for a quiet moment.
            settled();
            give({ kind: 'committed' });
          },
          (error: unknown) => {
            const why = messageOf(error);
            end(EXIT_STORE, `the store did not take a transaction, so nothing that depends on it was done: ${why}`);
          },
        );
        return;
      case 'reply':
        replies.get(output.id)?.(output.reply);
        replies.delete(output.id);
        return;
      case 'note':
        ports.note(output.note);
        return;
      case 'exit':
        end(output.code, output.message);
        return;
    }
  }

  function end(code: number, message: string): void {
    if (stopped) return;
    stop();
    ports.exit(code, message);
  }

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
    connection?.connection.close();
  }

  schedule();
  return {
    command: (command) =>
      new Promise((resolve) => {
        const id = nextCommand++;
        replies.set(id, resolve);
        give({ kind: 'command', id, command });
      }),
    read: (look) => whenDurable(() => look(machine.state, ports.clock())),
    reload: async () => {
      await whenDurable(() => {
        reloading ??= readAnew();
        return reloading;
      });
    },
    watch: (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    stop,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
