/**
 * The composition root: a checked service, a store and a master become a running scheduler with its API. Promises that everything
 * which can be refused is refused before the first word to Mesos, with the exit code that the field knows.
 */
import { createApi } from './api/app.ts';
import { type Listening, listen, PortInUse } from './api/listen.ts';
import { boot } from './core/boot.ts';
import type { Note } from './core/effect.ts';
import type { Settings } from './core/state.ts';
import type { Candidate } from './core/target/select.ts';
import { randomId, systemClock } from './kit/clock.ts';
import { createMachine } from './loop/machine.ts';
import { runScheduler, type Scheduler } from './loop/run.ts';
import { connect } from './mesos/client.ts';
import { claim, ForeignStore, load, nodeWrites } from './store/layout.ts';
import { openStore } from './store/open.ts';
import { LockHeld, type Tree } from './store/tree.ts';

export const EXIT = { initialization: 1, error: 6, lock: 8, api: 9 } as const;

/** The scheduler cannot start, or cannot go on; `code` is the process's exit code (scheduler-behaviour 1.8). */
export class Fatal extends Error {
  override name = 'Fatal';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ServiceOptions {
  /** What the definition says now, or why it cannot be used. */
  readonly candidate: Candidate;
  readonly settings: Settings;
  /** `http://host:port` of a Mesos master. */
  readonly master: string;
  /** `file:DIR` or `memory:`. */
  readonly store: string;
  /** The API's address. */
  readonly host: string;
  readonly port: number;
  readonly note: (note: Note) => void;
  /** The scheduler cannot go on. */
  readonly exit: (fatal: Fatal) => void;
}

export interface RunningService {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** The API listens here. */
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects with `Fatal`. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  checkMaster(options.master);
  const tree = await open(options.store);
  try {
    const { name, machine } = await restore(tree, options);
    const scheduler = runScheduler(machine, {
      clock: systemClock,
      commit: (writes) => tree.commit(nodeWrites(writes)),
      connect: (subscribe, on) => connect({ master: options.master }, subscribe, on),
      note: options.note,
      exit: (code, message) => options.exit(new Fatal(code, message)),
    });
    const api = await serve(scheduler, name, options);
    const close = async () => {
      scheduler.stop();
      await api.close();
      await tree.close();
    };
    return { name, scheduler, port: api.port, close };
  } catch (error) {
    await tree.close();
    throw error;
  }
}

/** What can never be reached is refused; a master that is merely down is tried for as long as it takes. */
function checkMaster(master: string): void {
  if (URL.canParse(master) && /^https?:/.test(master)) return;
  throw new Fatal(
    EXIT.initialization,
    `"${master}" is no address of a Mesos master: give --master as http://host:port`,
  );
}

async function open(store: string): Promise<Tree> {
  try {
    return await openStore(store);
  } catch (error) {
    throw new Fatal(error instanceof LockHeld ? EXIT.lock : EXIT.initialization, messageOf(error));
  }
}

/** The machine as the store remembers it, with the target chosen and its writes durable. */
async function restore(tree: Tree, options: ServiceOptions) {
  const { candidate } = options;
  try {
    const name = await claim(tree, candidate.ok ? candidate.spec.name : undefined);
    if (name === undefined) throw new Fatal(EXIT.initialization, candidate.ok ? '' : candidate.errors.join('\n'));
    const now = systemClock();
    const booted = boot(await load(tree, name), candidate, options.settings, now, randomId);
    if (!booted.ok) throw new Fatal(EXIT.initialization, booted.errors.join('\n'));
    if (booted.writes.length > 0) await tree.commit(nodeWrites(booted.writes));
    for (const note of booted.notes) options.note(note);
    return { name, machine: createMachine({ state: booted.state, newId: randomId, random: Math.random }, now) };
  } catch (error) {
    if (error instanceof ForeignStore) throw new Fatal(EXIT.initialization, error.message);
    throw error;
  }
}

async function serve(scheduler: Scheduler, name: string, options: ServiceOptions): Promise<Listening> {
  const { host, port, note } = options;
  try {
    return await listen(createApi(scheduler, name, { newId: randomId, note }), { host, port });
  } catch (error) {
    scheduler.stop();
    const remedy = error instanceof PortInUse ? ': choose another one with --port' : '';
    throw new Fatal(EXIT.api, `the API cannot listen: ${messageOf(error)}${remedy}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
