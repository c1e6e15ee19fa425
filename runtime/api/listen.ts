/** Opens the API's port. Promises a port that answers, or an error that says why there is none, and that no client holds it for ever. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { limitConnections } from './guard/connections.ts';
import { limitReaders } from './guard/readers.ts';
import type { TlsMaterial } from './guard/tls.ts';
import type { Watched } from './guard/watched.ts';

/** Somebody else listens there. */
export class PortInUse extends Error {
  override name = 'PortInUse';
}

export interface Listening {
  readonly port: number;
  /** Stops answering, also on connections that are open. */
  close(): Promise<void>;
}

export interface ListenAt {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absent: plain HTTP. */
  readonly tls?: Watched<TlsMaterial>;
}

/** What a client may take its time for, in milliseconds. Requests are short: the body is 64 KiB at most. */
const TIMES = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
};

const MAX_HEADER_BYTES = 16 * 1024;

/** Rejects with `PortInUse`, or with the system's error for an address that is not ours. */
export function listen(handler: RequestListener, { host, port, tls }: ListenAt): Promise<Listening> {
  const server = serverFor(handler, tls);
  limitConnections(server);
  limitReaders(server);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new PortInUse(`${host}:${port} is used by another process`));
      else reject(error);
    });
    server.listen(port, host, () => {
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ port: (server.address() as AddressInfo).port, close });
    });
  });
}

function serverFor(handler: RequestListener, tls: ListenAt['tls']): Server {
  const limits = { ...TIMES, maxHeaderSize: MAX_HEADER_BYTES };
  if (!tls) return createServer(limits, handler);
  // Who shows no certificate is let in as a stranger: agents and supervisors have none.
  const material = tls.current();
  const clients = material.ca ? { requestCert: true, rejectUnauthorized: false } : {};
  const handshakeTimeout = TIMES.headersTimeout;
  const server = createTlsServer({ ...limits, ...material, ...clients, handshakeTimeout }, handler);
  tls.onChange((next) => server.setSecureContext(next));
  return server;
}

/** A port that nobody listens on now. */
export async function freePort(host: string): Promise<number> {
  const { port, close } = await listen(() => {}, { host, port: 0 });
  await close();
  return port;
}
