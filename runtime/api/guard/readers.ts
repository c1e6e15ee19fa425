/** Clients that do not take their answers. Promises that an answer which is complete holds its connection no longer than it should. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** A client has so long for an answer, and at most twice as long. */
const PATIENCE_MS = 15_000;

export function limitReaders(server: Server, patienceMs = PATIENCE_MS): void {
  const open = new Set<ServerResponse>();
  const late = new WeakSet<ServerResponse>();
  server.on('request', (_: IncomingMessage, response: ServerResponse) => {
    open.add(response);
    response.once('close', () => open.delete(response));
  });
  const look = setInterval(() => {
    for (const response of open) {
      if (late.has(response)) response.destroy();
      else if (response.writableEnded) late.add(response);
    }
  }, patienceMs).unref();
  server.once('close', () => clearInterval(look));
}
