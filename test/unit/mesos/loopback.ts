/**
 * A master played by hand: a real HTTP server on loopback, and a subscriber that remembers what it was told. Promises to be gone
 * when the test ends; says only what the test makes it say.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { Call, MesosEvent } from '../../../runtime/kit/mesos-call.ts';
import {
  type Connection,
  type ConnectionEvent,
  type ConnectionOptions,
  connect,
} from '../../../runtime/mesos/client.ts';
import { decodeCall, encodeEvent, type Media } from '../../../runtime/mesos/codec.ts';
import { inTurn } from '../../../runtime/mesos/masters.ts';
import { encodeRecord } from '../../../runtime/mesos/recordio.ts';

export const protobuf = 'application/x-protobuf';

export const subscribe: Call = {
  type: 'SUBSCRIBE',
  subscribe: { framework_info: { user: 'root', name: 'data-store', principal: 'data-store-principal' } },
};
export const subscribed: MesosEvent = {
  type: 'SUBSCRIBED',
  subscribed: { framework_id: { value: 'F' }, heartbeat_interval_seconds: 15 },
};
export const heartbeat: MesosEvent = { type: 'HEARTBEAT' };
export const kill = (n: number): Call => ({ type: 'KILL', kill: { task_id: { value: `task-${n}` } } });

/** The event as a record. */
export const bytesOf = (event: MesosEvent, media: Media = protobuf) =>
  Buffer.from(encodeRecord(encodeEvent(event, media)));

export interface Request {
  call: Call;
  request: IncomingMessage;
  response: ServerResponse;
}

/** Serves each request with its call decoded; resolves to where. */
export function listen(handle: (request: Request) => void): Promise<string> {
  return serve(createServer(decoding(handle)));
}

/** A listener that hands each request on with its call. */
export function decoding(handle: (request: Request) => void): RequestListener {
  return async (request, response) => {
    const media = request.headers['content-type'] as Media;
    handle({ call: decodeCall(await buffer(request), media), request, response });
  };
}

/** Listens on a port of loopback until the test ends; resolves to `<scheme>://127.0.0.1:<port>`. */
export async function serve(server: Server, scheme = 'http'): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers a SUBSCRIBE: the stream is open. */
export function accept(response: ServerResponse, media: Media = protobuf): void {
  response.writeHead(200, { 'Content-Type': media, 'Mesos-Stream-Id': 'stream-1' });
  response.flushHeaders();
}

/** A master that subscribes everybody and hands every later call to `onCall`. */
export function master(
  onCall: (request: Request) => void,
  onSubscribe: (response: ServerResponse) => unknown = (response) => response.write(bytesOf(subscribed)),
) {
  return listen((request) => {
    if (request.call.type !== 'SUBSCRIBE') return onCall(request);
    accept(request.response);
    onSubscribe(request.response);
  });
}

export interface Subscriber extends Connection {
  /** All that was told so far. */
  told: ConnectionEvent[];
  /** The next thing told. */
  next(): Promise<ConnectionEvent>;
  /** The reason of the end. */
  closed: Promise<string>;
}

/** Subscribes to a master, or to whichever `options.masters` finds. */
export function subscribeTo(url: string, options: Partial<ConnectionOptions> = {}): Subscriber {
  const told: ConnectionEvent[] = [];
  const waiting: ((event: ConnectionEvent) => void)[] = [];
  let read = 0;
  let ended: (reason: string) => void;
  const closed = new Promise<string>((resolve) => {
    ended = resolve;
  });
  const connection = connect({ masters: inTurn([url]), ...options }, subscribe, (event) => {
    told.push(event);
    if (event.kind === 'closed') ended(event.reason);
    waiting.shift()?.(event);
  });
  onTestFinished(() => connection.close());
  const next = () => {
    read += 1;
    const event = told[read - 1];
    return event ? Promise.resolve(event) : new Promise<ConnectionEvent>((done) => waiting.push(done));
  };
  return { ...connection, told, next, closed };
}
