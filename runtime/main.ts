/**
 * The composition root: a checked service, a store and a master become a running scheduler with its API. Promises that everything
 * which can be refused is refused before the first word to Mesos, with the exit code that the field knows.
 */
import type { RequestListener } from 'node:http';
import { createApi } from './api/app.ts';
import { type Guard, type GuardOptions, openGuard } from './api/guard/guard.ts';
import { type Listening, listen, PortInUse } from './api/listen.ts';
import { boot, bootUninstall } from './core/boot.ts';
import { type Note, transactionsOf } from './core/effect.ts';
import type { Settings } from './core/state.ts';
import type { Candidate } from './core/target/select.ts';
import { gaugesOf } from './gauges.ts';
import { randomId, systemClock } from './kit/clock.ts';
import { logRing } from './kit/log-ring.ts';
import { shownText } from './kit/mask.ts';
import { createMachine } from './loop/machine.ts';
import { runScheduler, type Scheduler } from './loop/run.ts';
import type { Access } from './mesos/access.ts';
import { mastersAt } from './mesos/masters.ts';
import { meteredCommit, meteredFrame, meteredWire } from './metered.ts';
import { measureEventLoop } from './metrics/event-loop.ts';
import { forward, type StatsdServer } from './metrics/forward.ts';
import { countedRequests } from './metrics/http.ts';
import { type Metrics, newMetrics, snapshotOf } from './metrics/metrics.ts';
import { printed } from './metrics/printed.ts';
import { load, nodeWrites, type Stored } from './store/layout.ts';
import { openStore } from './store/open.ts';
import { claim, ForeignStore } from './store/schema.ts';
import { LockHeld, LockLost, type Tree } from './store/tree.ts';
import { fulfilment } from './tls/orders.ts';

export const EXIT = { initialization: 1, error: 6, lock: 8, api: 9, uninstalling: 11 } as const;

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
  /** Takes the service down for good instead; needs no usable definition, only the store. */
  readonly uninstall: boolean;
  readonly settings: Settings;
  /** The Mesos masters. */
  readonly access: Access;
  /** `zk://host:port,host:port[/node]`, `file:DIR` or `memory:`. */
  readonly store: string;
  /** `user:password` for ZooKeeper. */
  readonly storeAuth?: string;
  /** Whose state to look for in ZooKeeper when the definition cannot be read. */
  readonly fallbackName?: string;
  /** The API's address. */
  readonly host: string;
  readonly port: number;
  /** Who may use it; absent: everybody who reaches it. */
  readonly guard?: GuardOptions;
  /** Where the numbers are sent; absent: they wait to be asked for. */
  readonly statsd?: StatsdServer;
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
export async function startService(given: ServiceOptions): Promise<RunningService> {
  const log = logRing(systemClock);
  const note = (told: Note) => {
    log.add(told);
    given.note(told);
  };
  const options = { ...given, note };
  const { masters: address, ...access } = options.access;
  const metrics = newMetrics(() => performance.now());
  const guard = guardOf(options);
  const tree = await open(options);
  try {
    const { name, machine } = await restore(tree, metrics, options);
    const masters = await mastersAt(address, async () => (await import('./store/zookeeper/session.ts')).openSession);
    const wire = meteredWire(metrics, { masters, ...access });
    const commit = meteredCommit(metrics, tree);
    const scheduler = runScheduler(machine, {
      clock: systemClock,
      commit: (writes) => commit(nodeWrites(writes)),
      load: async () => (await load(tree, name)).service,
      connect: wire.connect,
      fulfil: fulfilment(access),
      note: options.note,
      exit: (code, message) => options.exit(new Fatal(code, message)),
    });
    const queues = () => ({ events: machine.waiting(), calls: wire.unanswered() });
    const take = () => scheduler.read((state, now) => snapshotOf(metrics, gaugesOf(state, now, queues())));
    const app = createApi(scheduler, name, {
      note: options.note,
      guard: guard.handlers,
      metrics: printed(take),
      log: () => shownText(log.text(), { texts: options.settings.secretTexts }),
    });
    const api = await serve(countedRequests(metrics, app), guard, scheduler, options);
    const stopMeasuring = measureEventLoop(metrics);
    const stopForwarding = options.statsd && forward(options.statsd, take, note);
    const close = async () => {
      stopMeasuring();
      stopForwarding?.();
      scheduler.stop();
      masters.close();
      guard.close();
      await api.close();
      await tree.close();
    };
    return { name, scheduler, port: api.port, close };
  } catch (error) {
    await tree.close();
    throw error;
  }
}

function guardOf({ guard = {}, note }: ServiceOptions): Guard {
  try {
    return openGuard(guard, note);
  } catch (error) {
    throw new Fatal(EXIT.initialization, messageOf(error));
  }
}

async function open({ store, storeAuth, candidate, fallbackName, note, exit }: ServiceOptions): Promise<Tree> {
  const service = candidate.ok ? candidate.spec.name : fallbackName;
  try {
    return await openStore(store, {
      ...(service ? { service } : {}),
      ...(storeAuth ? { auth: storeAuth } : {}),
      onWait: (held) => note({ level: 'info', message: 'waiting for the lock of the store', keys: { held } }),
      onLost: (error) => exit(new Fatal(error instanceof LockLost ? EXIT.lock : EXIT.initialization, error.message)),
    });
  } catch (error) {
    if (error instanceof LockHeld) throw new Fatal(EXIT.lock, messageOf(error));
    const remedy = store.startsWith('zk:')
      ? '; --store names another one, and file:<directory> needs no ZooKeeper'
      : '';
    throw new Fatal(EXIT.initialization, `${messageOf(error)}${remedy}`);
  }
}

/** The machine as the store remembers it, with what `start` chose durable. */
async function restore(tree: Tree, metrics: Metrics, options: ServiceOptions) {
  try {
    const { candidate } = options;
    const name = await claim(tree, candidate.ok ? candidate.spec.name : undefined);
    const now = systemClock();
    const { state, writes, notes } = start(await load(tree, name ?? ''), name, options, now);
    for (const transaction of transactionsOf(writes, options.settings.transactionBytes)) {
      await tree.commit(nodeWrites(transaction));
    }
    for (const note of notes) options.note(note);
    const decide = meteredFrame(metrics);
    return { name: name ?? '', machine: createMachine({ state, newId: randomId, random: Math.random, decide }, now) };
  } catch (error) {
    if (error instanceof ForeignStore) throw new Fatal(EXIT.initialization, error.message);
    throw error;
  }
}

/** Chooses what to do for the service: run it, or take it down. An uninstall of nothing needs not even a name. */
function start(stored: Stored, name: string | undefined, options: ServiceOptions, now: number) {
  const { candidate, settings } = options;
  if (options.uninstall) return bootUninstall(stored, name ?? '', settings, now, randomId);
  if (name === undefined) throw new Fatal(EXIT.initialization, candidate.ok ? '' : candidate.errors.join('\n'));
  const booted = boot(stored, candidate, settings, now, randomId);
  if (booted.ok) return booted;
  throw new Fatal(booted.uninstalling ? EXIT.uninstalling : EXIT.initialization, booted.errors.join('\n'));
}

async function serve(
  app: RequestListener,
  { tls }: Guard,
  scheduler: Scheduler,
  { host, port }: ServiceOptions,
): Promise<Listening> {
  try {
    return await listen(app, { host, port, ...(tls ? { tls } : {}) });
  } catch (error) {
    scheduler.stop();
    const remedy = error instanceof PortInUse ? ': choose another one with --port' : '';
    throw new Fatal(EXIT.api, `the API cannot listen: ${messageOf(error)}${remedy}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
