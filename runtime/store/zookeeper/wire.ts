/**
 * node-zookeeper-client, which speaks the protocol, with its holes stopped: half an answer of a broken connection is not read as the
 * beginning of the next one's first, an answer that it cannot read ends no process, and it can be made to break a connection or
 * to connect no more. Never decides when to.
 */
import type { Socket } from 'node:net';
import { type Client, createClient } from 'node-zookeeper-client';

export interface Wire {
  readonly client: Client;
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
  onSocketData(chunk: Buffer): void;
  onSocketError(error: Error): void;
  on(event: 'state', listener: (state: number) => void): void;
}

const DISCONNECTED = 0;
/** Between two rounds through all servers, at most. */
const SPIN_MS = 200;

/** A client that has yet to be told to connect. `timeoutMs` is the session that it asks for. */
export function guardedClient(servers: string, timeoutMs: number, on: WireEvents): Wire {
  const client = createClient(servers, { sessionTimeout: timeoutMs, spinDelay: SPIN_MS, retries: 0 });
  const connection = (client as unknown as { connectionManager: Connection }).connectionManager;
  const { onSocketData, onSocketError } = connection;
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
    if (state !== DISCONNECTED) return;
    connection.pendingBuffer = null;
    on.disconnected();
  });
  client.on('connected', on.connected);
  client.on('expired', on.expired);
  const cut = () => void connection.socket?.destroy();
  return {
    client,
    cut,
    stop() {
      connection.connect = () => {};
      cut();
    },
  };
}
