/**
 * One session with a ZooKeeper ensemble. Promises that every request is answered within the session's timeout, over as many
 * connections as that takes, or the session ends for good and says why. Never opens a second session in the place of a lost one.
 *
 * node-zookeeper-client speaks the protocol. It queues without bound while disconnected, notices neither a silent server nor the
 * end of a session that no server tells it about, and keeps some state of a broken connection for the next one; all of that is
 * guarded here (`Wire`).
 */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient, Exception } from 'node-zookeeper-client';
import { LockLost } from '../tree.ts';

/** One request: calls the client and has it answer to `done`. Called again on the next connection when one breaks. */
export type Send<T> = (client: Client, done: (error: Error | Exception | null, value: T) => void) => void;

export interface Session {
  readonly servers: string;
  /** Rejects with the client's error, or with what ended the session. `once`: not sent again, as it would have effect twice. */
  request<T>(send: Send<T>, options?: { once?: boolean }): Promise<T>;
  /** Ends the session at the server too, if it answers; its ephemeral nodes go with it. */
  close(): Promise<void>;
}

export interface SessionOptions {
  /** `host:port,host:port` */
  readonly servers: string;
  /** `user:password` */
  readonly auth?: string;
  /** Asked for; the servers grant one within their limits. */
  readonly timeoutMs: number;
  /** Called once, unless `close` came first: no request will be answered any more. */
  readonly onEnd: (error: Error) => void;
}

interface Request {
  readonly once: boolean;
  attempt(): void;
  reject(error: Error): void;
}

/** The part of the client that it does not offer and that needs guarding. */
interface Wire {
  socket?: Socket;
  pendingBuffer: Buffer | null;
  connect(): void;
  onSocketData(chunk: Buffer): void;
  onSocketError(error: Error): void;
  on(event: 'state', listener: (state: number) => void): void;
}

const DISCONNECTED = 0;
/** Between two rounds through all servers, at most. */
const SPIN_MS = 200;
/** How long a server may take to say good-bye. */
const CLOSE_MS = 1_000;

/** Rejects when no server answers within the timeout asked for. */
export async function openSession({ servers, auth, timeoutMs, onEnd }: SessionOptions): Promise<Session> {
  const client = createClient(servers, { sessionTimeout: timeoutMs, spinDelay: SPIN_MS, retries: 0 });
  const wire = (client as unknown as { connectionManager: Wire }).connectionManager;
  const requests = new Set<Request>();
  let connected = false;
  /** Why there is no connection, as far as the system says. */
  let broken: Error | undefined;
  let ended: Error | undefined;
  let beat: NodeJS.Timeout | undefined;

  function end(error: Error): void {
    if (ended) return;
    stop(error);
    onEnd(error);
  }

  function stop(error: Error): void {
    ended = error;
    clearInterval(beat);
    wire.connect = () => {};
    for (const request of requests) request.reject(error);
  }

  function request<T>(send: Send<T>, options: { once?: boolean } = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      if (ended) {
        reject(ended);
        return;
      }
      const waitMs = client.getSessionTimeout();
      const deadline = setTimeout(() => {
        const why = broken ? ` (${broken.message})` : '';
        end(new Error(`ZooKeeper at ${servers} did not answer within ${waitMs / 1000} s${why}`));
        wire.socket?.destroy();
      }, waitMs);
      const settle = () => {
        clearTimeout(deadline);
        requests.delete(own);
      };
      const own: Request = {
        once: options.once ?? false,
        attempt: () =>
          send(client, (error, value) => {
            // A lost connection is dealt with for all requests at once, below.
            if (!requests.has(own) || codeOf(error) === Exception.CONNECTION_LOSS) return;
            settle();
            if (error) reject(error);
            else resolve(value);
          }),
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      requests.add(own);
      if (connected) own.attempt();
    });
  }

  function onConnected(): void {
    if (ended) {
      wire.socket?.destroy();
      return;
    }
    connected = true;
    broken = undefined;
    for (const waiting of [...requests]) waiting.attempt();
  }

  function onDisconnected(): void {
    connected = false;
    // Half an answer of the old connection would be read as the beginning of the new one's first.
    wire.pendingBuffer = null;
    for (const lost of [...requests].filter((waiting) => waiting.once)) {
      lost.reject(new Error(`the connection to ZooKeeper at ${servers} broke`));
    }
  }

  /** The client notices no server that went silent; another one may answer in time. */
  function keepAlive(): NodeJS.Timeout {
    let answered = true;
    return setInterval(() => {
      if (!answered) {
        wire.socket?.destroy();
        return;
      }
      answered = false;
      request((zk, done) => zk.exists('/', done)).then(
        () => {
          answered = true;
        },
        () => {},
      );
    }, client.getSessionTimeout() / 3);
  }

  const noteError = wire.onSocketError;
  wire.onSocketError = (error) => {
    broken = error;
    noteError.call(wire, error);
  };
  const read = wire.onSocketData;
  wire.onSocketData = (chunk) => {
    try {
      read.call(wire, chunk);
    } catch (error) {
      end(new Error(`ZooKeeper at ${servers} gave an answer that cannot be read: ${error}`, { cause: error }));
      wire.socket?.destroy();
    }
  };
  wire.on('state', (state) => {
    if (state === DISCONNECTED) onDisconnected();
  });
  client.on('connected', onConnected);
  client.on('expired', () =>
    end(new LockLost(`the session with ZooKeeper at ${servers} expired, and the lock with it`)),
  );
  if (auth !== undefined) client.addAuthInfo('digest', Buffer.from(auth));

  client.connect();
  await request((zk, done) => zk.exists('/', done));
  beat = keepAlive();

  return {
    servers,
    request,
    async close() {
      if (!ended) stop(new Error('the store is closed'));
      if (connected) {
        const closed = new Promise((resolve) => wire.socket?.once('close', resolve));
        client.close();
        await Promise.race([closed, delay(CLOSE_MS, undefined, { ref: false })]);
      }
      wire.socket?.destroy();
    },
  };
}

/** ZooKeeper's code of an error (`Exception.NO_NODE`), if it is one of its errors. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** What a request resolves to, or `otherwise` when it is refused with this code. */
export async function unless<T, U>(code: number, answer: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await answer;
  } catch (error) {
    if (codeOf(error) === code) return otherwise;
    throw error;
  }
}
