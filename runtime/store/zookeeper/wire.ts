/**
 * node-zookeeper-client, which speaks the protocol, with its holes stopped: half an answer of a broken connection is not read as the
 * beginning of the next one's first, an answer that it cannot read ends no process, a server that takes a connection and never
 * greets is left, and it can be made to break a connection or to connect no more.
 */
import type { Socket } from 'node:net';
import { type Client, createClient } from 'node-zookeeper-client';

export interface Wire {
  readonly client: Client;
  /** To be called before a request: all that are sent until the event loop turns go to the server in one write. */
  gather(): void;
  /** Breaks the connection, if there is one; the client goes to another server. */
  cut(): void;
  /** Breaks it for good. */
  stop(): void;
}

export interface WireEvents {
  connected(): void;
  /** Also after an attempt that failed. What was sent and not answered has an unknown outcome. */
  disconnected(): void;
  /** Why, as far as the system says. */
  failed(error: Error): void;
  /** The server does not know the session any more. */
  expired(): void;
  /** The server said something that cannot be read. */
  garbled(error: unknown): void;
}

/** The part of the client that it does not offer. */
interface Connection {
  socket?: Socket;
  pendingBuffer: Buffer | null;
  connect(): void;
  onSocketConnected(): void;
  onSocketData(chunk: Buffer): void;
  onSocketError(error: Error): void;
  on(event: 'state', listener: (state: number) => void): void;
}

const DISCONNECTED = 0;
/** Between two rounds through all servers, at most. */
const SPIN_MS = 200;
/** The part of the session's time that a server may take to greet; one that is just starting may never do it. */
const GREETING_SHARE = 1 / 5;

/** A client that has yet to be told to connect. `timeoutMs` is the session that it asks for. */
export function guardedClient(servers: string, timeoutMs: number, on: WireEvents): Wire {
  const client = createClient(servers, { sessionTimeout: timeoutMs, spinDelay: SPIN_MS, retries: 0 });
  const connection = (client as unknown as { connectionManager: Connection }).connectionManager;
  const { onSocketConnected, onSocketData, onSocketError } = connection;
  const cut = () => void connection.socket?.destroy();
  let greeting: NodeJS.Timeout | undefined;
  connection.onSocketConnected = () => {
    onSocketConnected.call(connection);
    greeting = setTimeout(cut, client.getSessionTimeout() * GREETING_SHARE);
  };
  connection.onSocketData = (chunk) => {
    try {
      onSocketData.call(connection, chunk);
    } catch (error) {
      on.garbled(error);
    }
  };
  connection.onSocketError = (error) => {
    on.failed(error);
    onSocketError.call(connection, error);
  };
  connection.on('state', (state) => {
    clearTimeout(greeting);
    if (state !== DISCONNECTED) return;
    connection.pendingBuffer = null;
    on.disconnected();
  });
  client.on('connected', on.connected);
  client.on('expired', on.expired);
  let gathering: Socket | undefined;
  return {
    client,
    gather() {
      const { socket } = connection;
      if (!socket || socket === gathering) return;
      gathering = socket;
      socket.cork();
      process.nextTick(() => {
        gathering = undefined;
        socket.uncork();
      });
    },
    cut,
    stop() {
      connection.connect = () => {};
      cut();
    },
  };
}
