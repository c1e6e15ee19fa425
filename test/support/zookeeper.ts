/**
 * Real ZooKeeper servers of a test: each a JVM on a port of 127.0.0.1 with a directory of its own. Promises that they are gone
 * with the test file, however it ends; ends only what it started, each by its own pid.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { freePort } from './port.ts';

const JAR = '/usr/share/java/zookeeper.jar';
/** The unit of all of ZooKeeper's times, and so how exactly a session ends. */
const TICK_MS = 100;
/** The shortest session that is granted, so that a test may see one end. */
const SHORTEST_SESSION_MS = 500;
/** The longest one, unless a test wants otherwise: a busy machine should end none. */
const LONGEST_SESSION_MS = 60_000;

/** A hook that starts servers may have to install them first. */
export const INSTALL_MS = 300_000;

export interface ZooKeeperServer {
  readonly port: number;
  /** `host:port` */
  readonly address: string;
  /** Starts it again, on the data that it left. Resolves once it runs; `serving` tells when it answers. */
  start(): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP; resolves when it stands still: its connections stay open, and nobody answers. */
  pause(): Promise<void>;
  /** SIGCONT */
  resume(): void;
  /** Forgets all its data. Only while it is killed. */
  empty(): void;
  /** Resolves to its part once it answers clients: `standalone`, `leader` or `follower`. */
  serving(): Promise<string>;
  /** Kills it and removes its directory. */
  dispose(): Promise<void>;
}

export interface ServerOptions {
  /** Wait for the disk at each write, as in production. */
  readonly durable?: boolean;
  /** What a client gets that wants a longer session. */
  readonly longestSessionMs?: number;
}

/** Starts one server and waits until it answers. */
export async function startZooKeeper(options: ServerOptions = {}): Promise<ZooKeeperServer> {
  const [server] = await startServers(1, options);
  await server!.serving();
  return server!;
}

/** Starts an ensemble and waits until all its servers answer. */
export async function startEnsemble(size = 3): Promise<ZooKeeperServer[]> {
  const servers = await startServers(size, {});
  await Promise.all(servers.map((server) => server.serving()));
  return servers;
}

async function startServers(size: number, options: ServerOptions): Promise<ZooKeeperServer[]> {
  requireZooKeeper();
  const ports: { client: number; quorum: string }[] = [];
  for (let at = 0; at < size; at++) {
    ports.push({ client: await freePort(), quorum: `127.0.0.1:${await freePort()}:${await freePort()}` });
  }
  const members = ports.map(({ quorum }, at) => `server.${at + 1}=${quorum}`);
  return ports.map(({ client }, at) => startServer(client, at + 1, size > 1 ? members : [], options));
}

function startServer(port: number, id: number, members: readonly string[], options: ServerOptions): ZooKeeperServer {
  const { durable = false, longestSessionMs = LONGEST_SESSION_MS } = options;
  const directory = mkdtempSync(join(tmpdir(), 'zookeeper-'));
  const data = join(directory, 'data');
  const config = join(directory, 'zoo.cfg');
  const lines = [
    `tickTime=${TICK_MS}`,
    `minSessionTimeout=${SHORTEST_SESSION_MS}`,
    `maxSessionTimeout=${longestSessionMs}`,
    'initLimit=100',
    'syncLimit=50',
    `dataDir=${data}`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    'maxClientCnxns=0',
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr',
    ...members,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const empty = () => {
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data);
    writeFileSync(join(data, 'myid'), String(id));
  };
  let child: ChildProcess | undefined;
  const end = () => {
    child?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  // A test run that is interrupted leaves nothing behind.
  process.once('exit', end);

  const server: ZooKeeperServer = {
    port,
    address: `127.0.0.1:${port}`,
    start() {
      child = spawn('java', [...javaOptions(durable), config], { stdio: 'ignore' });
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    async pause() {
      child?.kill('SIGSTOP');
      await eventually(() => expect(new Set(threadStates(child!.pid!))).toEqual(new Set(['T'])));
    },
    resume: () => void child?.kill('SIGCONT'),
    empty,
    serving: () =>
      eventually(async () => {
        const [, mode] = /^Mode: (\w+)/m.exec(await ask(port, 'srvr')) ?? [];
        expect(mode, `ZooKeeper at port ${port} does not answer`).toBeDefined();
        return mode!;
      }),
    async dispose() {
      await server.kill();
      process.off('exit', end);
      end();
    },
  };
  empty();
  server.start();
  return server;
}

/** `T` is stopped (proc(5)). */
function threadStates(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  });
}

function javaOptions(durable: boolean): string[] {
  return [
    ...['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    `-Dzookeeper.forceSync=${durable ? 'yes' : 'no'}`,
    ...['-cp', JAR, 'org.apache.zookeeper.server.quorum.QuorumPeerMain'],
  ];
}

/** Asks with one of ZooKeeper's four-letter commands; empty when nobody answers. */
function ask(port: number, word: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('connect', () => socket.write(word));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** Installs Debian's package when it is missing and we may; else fails, saying what to do. */
function requireZooKeeper(): void {
  const missing = () => [
    ...(existsSync(JAR) ? [] : ['zookeeper']),
    ...(spawnSync('java', ['-version']).status === 0 ? [] : ['default-jre-headless']),
  ];
  const packages = missing();
  if (packages.length === 0) return;
  if (process.getuid?.() === 0 && isDebian()) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, stdio: 'ignore' });
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...packages);
    if (missing().length === 0) return;
  }
  throw new Error(
    `these tests need a real ZooKeeper (${JAR}) and Java. Install them: apt-get install --no-install-recommends ${packages.join(' ')}`,
  );
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /debian|ubuntu/i.test(readFileSync('/etc/os-release', 'utf8'));
}
