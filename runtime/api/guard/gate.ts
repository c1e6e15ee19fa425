/**
 * How many requests there may be at once, and how many begin before the scheduler has its turn again. Promises that a flood of
 * requests waits or is sent away, and never that the scheduler waits for the flood.
 */
import type { RequestHandler } from 'express';
import { text } from '../answer.ts';
import { send } from '../send.ts';

export interface GateLimits {
  /** Requests that are not answered yet, those that wait for news among them. */
  readonly open: number;
  /** Requests that begin in one turn of the event loop: between two turns, what Mesos and the store have said is taken in. */
  readonly perTurn: number;
}

export const GATE_LIMITS: GateLimits = { open: 512, perTurn: 16 };

const RETRY_AFTER_S = 2;

export function gate({ open: most, perTurn }: GateLimits = GATE_LIMITS): RequestHandler {
  const waiting: (() => void)[] = [];
  let [open, begun] = [0, 0];

  function turn(): void {
    begun = 0;
    for (const begin of waiting.splice(0, perTurn)) start(begin);
  }

  function start(begin: () => void): void {
    if (begun === 0) setImmediate(turn);
    begun++;
    begin();
  }

  return (_request, response, proceed) => {
    if (open >= most) {
      response.set('Retry-After', String(RETRY_AFTER_S));
      send(response, text(503, `More than ${most} requests are open: try again in ${RETRY_AFTER_S} s`));
      return;
    }
    open++;
    response.once('close', () => open--);
    if (begun < perTurn && waiting.length === 0) start(proceed);
    else waiting.push(proceed);
  };
}
