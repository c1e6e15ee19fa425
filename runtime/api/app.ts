/**
 * The HTTP API: serves the table of routes with express. Promises that every request is answered, and that nothing of the inside (a
 * stack, a path) ever leaves through an error.
 */
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Note } from '../core/effect.ts';
import type { State } from '../core/state.ts';
import type { Scheduler } from '../loop/run.ts';
import { empty, text } from './answer.ts';
import { createAnswering, serviceIn } from './answering.ts';
import { operations } from './document.ts';
import { documentsOf } from './live/documents.ts';
import { events } from './live/events.ts';
import { createFeed } from './live/feed.ts';
import { page } from './page.ts';
import type { Ask, Route } from './route.ts';
import { logRouter } from './routes/log.ts';
import { type Metrics, metricsRouter } from './routes/metrics.ts';
import { ROUTES } from './routes.ts';
import { send } from './send.ts';
import { inTurns } from './turns.ts';

/** Parameters of a plan, names of tasks and files are short; more than this is refused unread. */
const BODY_LIMIT = '64kb';

export interface ApiOptions {
  /** Told of requests that failed inside. */
  readonly note: (note: Note) => void;
  /** Seen by every request before anything else. */
  readonly guard?: readonly RequestHandler[];
  readonly metrics: Metrics;
  /** The newest lines of the log. */
  readonly log?: () => string;
}

/** The API of one service of the scheduler. */
export function createApi(scheduler: Scheduler, serviceName: string, options: ApiOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('query parser', 'simple');
  // Refusals cost next to nothing: only who may come in takes a turn.
  if (options.guard) app.use(...options.guard);
  app.use(inTurns());
  const body = express.raw({ type: () => true, limit: BODY_LIMIT, inflate: false });
  const answering = createAnswering(scheduler, serviceName);
  for (const route of ROUTES) {
    const handle = async (request: Request, response: Response) => {
      send(response, await answering(route, askOf(request), request.originalUrl, () => closing(response)));
    };
    if (route.method === 'GET') app.get(route.path, handle);
    else if (route.method === 'PUT') app.put(route.path, body, handle, tooLong(route));
    else app.post(route.path, body, handle, tooLong(route));
  }
  const look = (state: State, now: number) => documentsOf(state, serviceIn(state, serviceName), now);
  app.get('/v1/events', events(createFeed(scheduler, look, options.note)));
  app.use(metricsRouter(options.metrics));
  if (options.log) app.use(logRouter(options.log));
  app.use(page());
  app.use((request, response) => noRoute(request, response));
  app.use(failed(options.note));
  return app;
}

/** Aborts when the client goes away, or has its answer. */
function closing(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

function askOf({ params, query, body, headers }: Request): Ask {
  const parts = params as Record<string, string>;
  const contentType = headers['content-type'];
  return {
    name: parts['name'] ?? '',
    parts,
    query,
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    ...(contentType ? { contentType } : {}),
  };
}

/** Nothing is there, or not for this method: says what is. */
function noRoute({ method, path }: Request, response: Response): void {
  const all = operations();
  const here = all.filter((one) => matches(one.path, path)).map((one) => one.method);
  if (here.length > 0) {
    response.set('Allow', here.join(', '));
    send(response, text(405, `${path} does not take ${method}: use ${here.join(' or ')}`));
    return;
  }
  const list = all.map((one) => `  ${one.method} ${one.path}`);
  send(response, text(404, `Nothing is served at ${path}. There are:\n${list.join('\n')}`));
}

function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`).test(path);
}

/** The route's own words for a body that is too long. */
function tooLong(route: Exclude<Route, { method: 'GET' }>): ErrorRequestHandler {
  return (error: { status?: unknown }, _request, response, next) => {
    if (error.status === 413 && route.tooLong) send(response, route.tooLong);
    else next(error);
  };
}

/** A request that we could not read is told so; what failed on our side is noted and answered without a word of it. */
function failed(note: (note: Note) => void): ErrorRequestHandler {
  return (error: { status?: unknown; message?: unknown; stack?: unknown }, request, response, _next) => {
    const status = typeof error.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status < 500) return send(response, text(status, String(error.message)));
    const keys = { method: request.method, path: request.path, error: String(error.stack ?? error) };
    note({ level: 'error', message: 'api request failed', keys });
    send(response, empty(500));
  };
}
