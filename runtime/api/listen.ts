/** Opens the API's port. Promises a port that answers, or an error that says why there is none. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody else listens there. */
export class PortInUse extends Error {
  override name = 'PortInUse';
}

export interface Listening {
  readonly port: number;
  /** Stops answering, also on connections that are open. */
  close(): Promise<void>;
}

/** `port` 0 takes a free one. Rejects with `PortInUse`, or with the system's error for an address that is not ours. */
export function listen(handler: RequestListener, at: { host: string; port: number }): Promise<Listening> {
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new PortInUse(`${at.host}:${at.port} is used by another process`));
      else reject(error);
    });
    server.listen(at.port, at.host, () => {
      const { port } = server.address() as AddressInfo;
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ port, close });
    });
  });
}

/** A port that nobody listens on now. */
export async function freePort(host: string): Promise<number> {
  const { port, close } = await listen(() => {}, { host, port: 0 });
  await close();
  return port;
}
