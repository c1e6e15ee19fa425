/**
 * What is disturbed: an embedded cluster, a ZooKeeper that writes to its disk, and a scheduler that is started again whenever it
 * ends, as a supervisor does. Promises that all of it is gone once it is closed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type ClusterProcess, startCluster } from '../support/cluster.ts';
import { freePort } from '../support/port.ts';
import { run } from '../support/service.ts';
import { openWorkplace, type Program, root } from '../support/workplace.ts';
import { startZooKeeper, type ZooKeeperServer } from '../support/zookeeper.ts';

export interface Scene {
  readonly directory: string;
  readonly cluster: ClusterProcess;
  readonly zookeeper: ZooKeeperServer;
  /** Of the scheduler's API. */
  readonly port: number;
  /** The scheduler that runs now, or has just ended. */
  scheduler(): Program;
  /** How its processes ended so far. */
  readonly ends: readonly End[];
  close(): Promise<void>;
}

export interface End {
  /** An exit code, or the signal that killed it. */
  readonly how: string;
  /** The last line of its log. */
  readonly lastWords: string;
}

/** Every name that the rest of this folder expects: two `meta-data`, the others `data`. */
export const TASKS = ['meta-data-0', 'meta-data-1', ...Array.from({ length: 8 }, (_, at) => `data-${at}`)].map(
  (pod) => `${pod}-node`,
);
export const NODE = '/dcos-service-data-store';

const ENVIRONMENT = {
  DATA_COUNT: '8',
  DATA_CPU: '0.1',
  METADATA_CPU: '0.1',
  DATA_MEM: '32',
  METADATA_MEM: '32',
  DATA_DISK: '32',
  METADATA_DISK: '32',
  DATA_PLACEMENT: '',
  METADATA_PLACEMENT: '',
  // Killed all the time, a task would only wait.
  ENABLE_BACKOFF: 'false',
};
/** Short, so that an outage that ends a session fits into a round. */
const SESSION_MS = 4_000;
/** As `RestartSec` of systemd. */
const RESTART_MS = 500;

export async function openScene(): Promise<Scene> {
  const place = openWorkplace();
  const zookeeper = await startZooKeeper({ durable: true, longestSessionMs: SESSION_MS });
  const cluster = await startCluster(place);
  const port = await freePort();
  const store = ['--store', `zk://${zookeeper.address}`];
  const definition = `${root}/frameworks/data-store`;
  const ends: End[] = [];
  let isClosed = false;

  const start = () => run(place, { master: cluster.url, port, definition, env: ENVIRONMENT }, store);
  let scheduler = start();
  async function supervise(): Promise<void> {
    while (!isClosed) {
      const { code, signal, stderr } = await scheduler.ended;
      if (isClosed) return;
      ends.push({ how: signal ?? String(code), lastWords: stderr.trimEnd().split('\n').at(-1) ?? '' });
      await delay(RESTART_MS);
      if (!isClosed) scheduler = start();
    }
  }
  const supervised = supervise();

  return {
    directory: place.directory,
    cluster,
    zookeeper,
    port,
    scheduler: () => scheduler,
    ends,
    async close() {
      isClosed = true;
      scheduler.signal('SIGCONT');
      await scheduler.kill();
      await supervised;
      await place.close();
      await zookeeper.dispose();
    },
  };
}
