/** Puts an answer on the wire. Promises a body of a stated type, or none at all. */
import type { Response } from 'express';
import type { Answer } from './answer.ts';

export function send(response: Response, { status, type, body }: Answer): void {
  response.status(status);
  if (type) response.type(type).send(body);
  else response.end();
}
