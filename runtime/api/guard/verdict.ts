/**
 * What becomes of a request, by who sends it and what it is. Promises that a stranger gets no further than what agents, supervisors
 * and browsers must have without a credential, and that reading is all that GET can do.
 */
import { type Answer, text } from '../answer.ts';
import type { Caller } from './caller.ts';

export interface Refusal {
  readonly answer: Answer;
  /** For the header `WWW-Authenticate` (RFC 6750, 3). */
  readonly challenge?: string;
}

export interface Request {
  readonly method: string;
  /** As it was sent, without the query: not decoded, in no other form than the routes see. */
  readonly path: string;
}

/** What changes nothing; all other methods do, or might. */
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Scrapers may ask for it with any method (http-api 8.3). */
const SCRAPED = '/v1/metrics/prometheus';

export function isWrite({ method, path }: Request): boolean {
  return !READS.has(method) && path !== SCRAPED;
}

/**
 * Served to everybody: templates, which agents fetch with nothing to show; health, which supervisors ask for; and the files of the
 * page, which asks for a token only once it is there. The rest of what there is lies below /v1 and /v2.
 */
export function isOpen({ method, path }: Request): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return path === '/v1/health' || path.startsWith('/v1/artifacts/') || !/^\/*v\d/i.test(path);
}

const HOW = `
Send one as Authorization: Bearer <token>, or as Mainstay-Token: <token> through a proxy that wants Authorization for itself.
The command line takes it from --token-file, MAINSTAY_TOKEN or MAINSTAY_TOKEN_FILE. API_TOKENS_FILE of the scheduler lists who has one.`;

/** Undefined: it may go on. */
export function verdict(caller: Caller, request: Request): Refusal | undefined {
  if (isOpen(request)) return undefined;
  switch (caller.kind) {
    case 'stranger':
      return {
        answer: text(401, `${request.path} is not for everybody: it needs a token.${HOW}`),
        challenge: 'Bearer',
      };
    case 'impostor':
      return { answer: text(401, `Nobody has this token.${HOW}`), challenge: 'Bearer error="invalid_token"' };
    default: {
      if (caller.role === 'operate' || !isWrite(request)) return undefined;
      const what = `${caller.name} may read, and ${request.method} changes things: use a token with the role operate`;
      return { answer: text(403, what), challenge: 'Bearer error="insufficient_scope"' };
    }
  }
}
