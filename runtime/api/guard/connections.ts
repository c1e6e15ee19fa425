/**
 * How many connections there may be. Promises that connections which only wait make room for new ones, the oldest first, so that
 * nobody keeps others out by doing nothing.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const MOST = 1024;

/** A connection that moves no byte for so long is dead. Longer than any answer is waited for. */
const SILENCE_MS = 10 * 60_000;

export function limitConnections(server: Server, most = MOST): void {
  /** Those without a request now, by their peer, in the order in which they began to wait. */
  const idle = new Map<string, Socket>();
  let open = 0;
  server.setTimeout(SILENCE_MS);
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    const [longest] = idle.values();
    open++;
    idle.set(peer, socket);
    socket.once('close', () => {
      open--;
      idle.delete(peer);
    });
    // With none that waits, all of them are at work, and the new one has to come again.
    if (open > most) (longest ?? socket).destroy();
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const peer = peerOf(socket);
    idle.delete(peer);
    response.once('close', () => socket.destroyed || idle.set(peer, socket));
  });
}

/** The same for a connection and for the TLS that is spoken over it. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
