/**
 * Sends the numbers to a StatsD server over UDP, again and again. Promises never to harm the scheduler: a name that cannot be resolved
 * is told once and costs one look-up a round, and a round that hangs is waited for instead of joined by the next.
 */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { Snapshot } from './metrics.ts';
import { statsdOf } from './statsd.ts';

export interface StatsdServer {
  readonly host: string;
  readonly port: number;
  readonly everyMs: number;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Log = (line: { level: 'info' | 'warn'; message: string; keys: Record<string, string> }) => void;

/** `note` is told when datagrams can no longer be sent, and when they can again. Returns how to stop. */
export function forward(server: StatsdServer, take: () => Promise<Snapshot>, note: Log): () => void {
  const { host } = server;
  let troubled = false;
  let timer: NodeJS.Timeout;
  let stopped = false;

  async function round(): Promise<void> {
    try {
      await send(statsdOf(await take()), server);
      if (troubled) note({ level: 'info', message: 'metrics are sent to StatsD again', keys: { host } });
      troubled = false;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!troubled) note({ level: 'warn', message: 'metrics cannot be sent to StatsD', keys: { host, why } });
      troubled = true;
    }
    if (!stopped) next();
  }

  function next(): void {
    timer = setTimeout(() => void round(), Math.min(server.everyMs, LONGEST_TIMER_MS)).unref();
  }

  next();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** One datagram a line. The address is looked up once for all of them: a look-up takes one of few threads. */
async function send(lines: readonly string[], { host, port }: StatsdServer): Promise<void> {
  const { address, family } = await lookup(host, { order: 'ipv4first' });
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const failed = new Promise<never>((_, reject) => socket.on('error', reject));
  const sent = lines.map(
    (line) =>
      new Promise<void>((resolve, reject) =>
        socket.send(line, port, address, (error) => (error ? reject(error) : resolve())),
      ),
  );
  try {
    await Promise.race([Promise.all(sent), failed]);
  } finally {
    socket.close();
  }
}
