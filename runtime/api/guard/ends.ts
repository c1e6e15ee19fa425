/**
 * The end of an answer that waits behind another one on its connection. Promises `close` to all answers when the connection ends: Node
 * tells only the one that is being sent, and whoever waits for the end of another would wait for ever.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';

export function ends(): RequestHandler {
  const connections = new WeakMap<Socket, Set<ServerResponse>>();

  function openOn(socket: Socket): Set<ServerResponse> {
    const open = connections.get(socket) ?? new Set();
    if (connections.has(socket)) return open;
    connections.set(socket, open);
    socket.once('close', () => {
      // What has no connection yet is what waits.
      for (const response of open) if (response.socket === null) response.emit('close');
    });
    return open;
  }

  return ({ socket }, response, next) => {
    const open = openOn(socket);
    open.add(response);
    response.once('close', () => open.delete(response));
    next();
  };
}
