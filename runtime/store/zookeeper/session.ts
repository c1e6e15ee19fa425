/**
 * One session with a ZooKeeper ensemble. Promises that every request is answered within the session's timeout, over as many
 * connections as that takes, or the session ends for good and says why. Never opens a second session in the place of a lost one.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, Exception } from 'node-zookeeper-client';
import { LockLost } from '../tree.ts';
import { guardedClient } from './wire.ts';

/** One request: calls the client and has it answer to `done`. Called again on the next connection when one breaks. */
export type Send<T> = (client: Client, done: (error: Error | Exception | null, value: T) => void) => void;

export interface Session {
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

/** How long a server may take to say good-bye. */
const CLOSE_MS = 1_000;

/** Rejects when no server answers within the timeout asked for. */
export async function openSession({ servers, auth, timeoutMs, onEnd }: SessionOptions): Promise<Session> {
  const requests = new Set<Request>();
  let connected = false;
  /** Why there is no connection. */
  let broken = '';
  let ended: Error | undefined;
  let saidGoodbye = () => {};
  let beat: NodeJS.Timeout | undefined;

  const wire = guardedClient(servers, timeoutMs, {
    connected() {
      // It was on its way when the session ended.
      if (ended) {
        wire.cut();
        return;
      }
      connected = true;
      broken = '';
      for (const request of [...requests]) request.attempt();
    },
    disconnected() {
      connected = false;
      saidGoodbye();
      for (const request of [...requests]) {
        if (request.once) request.reject(new Error(`the connection to ZooKeeper at ${servers} broke`));
      }
    },
    failed(error) {
      broken = ` (${error.message})`;
    },
    expired: () => end(new LockLost(`the session with ZooKeeper at ${servers} expired, and the lock with it`)),
    garbled: (error) => end(new Error(`ZooKeeper at ${servers} gave an answer that cannot be read: ${error}`)),
  });
  const { client } = wire;

  function end(error: Error): void {
    if (ended) return;
    refuse(error);
    wire.stop();
    onEnd(error);
  }

  /** Nothing is answered from now on. */
  function refuse(error: Error): void {
    ended = error;
    clearInterval(beat);
    for (const request of [...requests]) request.reject(error);
  }

  function late(waitedMs: number): void {
    end(new Error(`ZooKeeper at ${servers} did not answer within ${waitedMs / 1000} s${broken}`));
  }

  function request<T>(send: Send<T>, { once = false } = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      if (ended) {
        reject(ended);
        return;
      }
      const waitMs = client.getSessionTimeout();
      const deadline = setTimeout(late, waitMs, waitMs);
      const settle = () => {
        clearTimeout(deadline);
        requests.delete(own);
      };
      const own: Request = {
        once,
        attempt() {
          wire.gather();
          send(client, (error, value) => {
            // A broken connection is dealt with for all requests at once.
            if (!requests.has(own) || codeOf(error) === Exception.CONNECTION_LOSS) return;
            settle();
            if (error) reject(error);
            else resolve(value);
          });
        },
        reject(error) {
          settle();
          reject(error);
        },
      };
      requests.add(own);
      if (connected) own.attempt();
    });
  }

  if (auth !== undefined) client.addAuthInfo('digest', Buffer.from(auth));
  client.connect();
  await request(ping);
  beat = keepAlive(() => request(ping), wire.cut, client.getSessionTimeout() / 3);

  return {
    request,
    async close() {
      refuse(ended ?? new Error('the store is closed'));
      if (connected) {
        const goodbye = new Promise<void>((resolve) => {
          saidGoodbye = resolve;
        });
        client.close();
        await Promise.race([goodbye, delay(CLOSE_MS, undefined, { ref: false })]);
      }
      wire.stop();
    },
  };
}

const ping: Send<unknown> = (client, done) => client.exists('/', done);

/** Leaves a server that went silent, which the client would not notice: another one may answer in time. */
function keepAlive(askOnce: () => Promise<unknown>, leave: () => void, everyMs: number): NodeJS.Timeout {
  let answered = true;
  return setInterval(async () => {
    if (!answered) {
      leave();
      return;
    }
    answered = false;
    await askOnce().catch(() => {});
    answered = true;
  }, everyMs);
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
