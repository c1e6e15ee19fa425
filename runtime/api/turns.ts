/**
 * Who is answered when many ask at once. Promises that after every few answers the event loop turns, so that a frame, a status of
 * Mesos or a commit that is done waits for those few and not for all; everybody's turn comes in the order of asking.
 */
import type { RequestHandler } from 'express';

/** A plan of a thousand steps is sent in a third of a millisecond. */
const FEW = 4;

export function inTurns(): RequestHandler {
  const waiting: (() => void)[] = [];
  function few(): void {
    for (const next of waiting.splice(0, FEW)) next();
    if (waiting.length > 0) setImmediate(few);
  }
  return (_request, _response, next) => {
    waiting.push(next);
    if (waiting.length === 1) setImmediate(few);
  };
}
