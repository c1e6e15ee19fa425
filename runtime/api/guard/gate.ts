/**
 * How many clients are served at once. Promises that one too many is sent away with a time to come back, and that nobody takes more
 * than one place.
 */
import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import { text } from '../answer.ts';
import { send } from '../send.ts';

export interface GateLimits {
  /** Connections with a request that is not answered yet, those that wait for news among them. */
  readonly open: number;
  /** Requests that one connection may send ahead of their answers. */
  readonly ahead: number;
}

const LIMITS: GateLimits = { open: 512, ahead: 16 };

const RETRY_AFTER_S = 2;

export function gate(limits: GateLimits = LIMITS): RequestHandler {
  const unanswered = new Map<Socket, number>();

  function answered(socket: Socket): void {
    const left = (unanswered.get(socket) ?? 0) - 1;
    if (left > 0) unanswered.set(socket, left);
    else unanswered.delete(socket);
  }

  return ({ socket }, response, proceed) => {
    const before = unanswered.get(socket) ?? 0;
    if (before === 0 && unanswered.size >= limits.open) {
      response.set('Retry-After', String(RETRY_AFTER_S));
      return send(
        response,
        text(503, `More than ${limits.open} clients are served now: try again in ${RETRY_AFTER_S} s`),
      );
    }
    if (before >= limits.ahead) return void socket.destroy();
    unanswered.set(socket, before + 1);
    response.once('close', () => answered(socket));
    proceed();
  };
}
