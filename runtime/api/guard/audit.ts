/**
 * The trace that writes leave in the log: one line each, once its answer is known. Promises who, what, when and the answer, of those
 * that were refused too; never a body, for it may hold secrets.
 */
import type { Request, Response } from 'express';
import type { Note } from '../../core/effect.ts';
import { isSecretName, MASK } from '../../kit/mask.ts';
import { textsByName } from '../payload.ts';
import type { Caller } from './caller.ts';

/** What somebody else says is cut here. */
const LONGEST = 200;

/** To be called before the request is dealt with. */
export function audit(request: Request, response: Response, caller: Caller, note: (note: Note) => void): void {
  const address = request.socket.remoteAddress;
  const [path = '', query] = request.originalUrl.split('?', 2);
  const forwarded = request.get('x-forwarded-for');
  response.once('close', () => {
    const { statusCode: status, writableFinished: answered } = response;
    note({
      level: status < 400 ? 'info' : 'warn',
      message: 'operator command',
      keys: {
        ...whoIs(caller),
        address,
        // A proxy says so, or whoever wants to be taken for one.
        ...(forwarded === undefined ? {} : { forwardedFor: cut(forwarded) }),
        method: request.method,
        path: cut(path),
        ...(query === undefined ? {} : { query: cut(shownQuery(query)) }),
        ...parametersOf(path, request.body),
        status,
        ...(answered ? {} : { answered }),
      },
    });
  });
}

function whoIs(caller: Caller): Note['keys'] {
  if ('name' in caller) return { who: caller.name, by: caller.kind };
  return { who: caller.kind === 'impostor' ? 'unknown token' : 'unknown' };
}

function shownQuery(query: string): string {
  return query.replaceAll(/([^&=]+)=[^&]*/g, (pair, name: string) => (isSecretName(name) ? `${name}=${MASK}` : pair));
}

/** The names of the parameters that a plan was started with. */
function parametersOf(path: string, body: unknown): Note['keys'] {
  if (!path.endsWith('/start') || !Buffer.isBuffer(body)) return {};
  const parameters = textsByName({ body });
  return parameters.ok ? { parameters: cut(Object.keys(parameters.value).join(' ')) } : {};
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
