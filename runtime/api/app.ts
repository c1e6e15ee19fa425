/**
 * The HTTP API: mounts the tables of routes on express. Promises that a GET shows only what is stored, that a write is answered
 * once it is stored, and that nothing of the inside (a stack, a path) ever leaves through an error.
 */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { Note } from '../core/effect.ts';
import type { Service, State } from '../core/state.ts';
import { assert } from '../kit/assert.ts';
import type { Scheduler } from '../loop/run.ts';
import { type Answer, empty, text } from './answer.ts';
import type { Ask, Route } from './route.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { configurationRoutes } from './routes/configurations.ts';
import { debugRoutes } from './routes/debug.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { healthRoutes } from './routes/health.ts';
import { planCommandRoutes } from './routes/plan-commands.ts';
import { planRoutes } from './routes/plans.ts';
import { podRoutes } from './routes/pods.ts';
import { stateRoutes } from './routes/state.ts';
import { whyRoutes } from './routes/why.ts';

/** Parameters of a plan and names of tasks are short; more than this is refused unread. */
const BODY_LIMIT = '64kb';

/** Package managers poll `/v1/plans/deploy` and take a missing `/v1/state` for fine (http-api 11). */
const UNINSTALLING = 'The service is being uninstalled: only /v1/plans, /v1/plan and /v1/health are served';

const ROUTES: readonly Route[] = [
  ...healthRoutes,
  ...planRoutes,
  ...planCommandRoutes,
  ...podRoutes,
  ...whyRoutes,
  ...endpointRoutes,
  ...stateRoutes,
  ...configurationRoutes,
  ...artifactRoutes,
  ...debugRoutes,
];

export interface ApiOptions {
  /** Told of requests that failed inside. */
  readonly note: (note: Note) => void;
}

/** The API of one service of the scheduler. */
export function createApi(scheduler: Scheduler, serviceName: string, options: ApiOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('query parser', 'simple');
  app.use(express.raw({ type: () => true, limit: BODY_LIMIT, inflate: false }));
  for (const route of ROUTES) {
    const handle = async (request: Request, response: Response) =>
      send(response, await answerTo(route, scheduler, serviceName, askOf(request)));
    if (route.method === 'GET') app.get(route.path, handle);
    else app.post(route.path, handle);
  }
  app.use((request, response) => noRoute(request, response));
  app.use(failed(options.note));
  return app;
}

async function answerTo(route: Route, scheduler: Scheduler, serviceName: string, ask: Ask): Promise<Answer> {
  const uninstalling = await scheduler.read((state) => serviceIn(state, serviceName).uninstall !== undefined);
  if (uninstalling && !route.duringUninstall) return text(404, UNINSTALLING);
  if (route.method === 'GET') {
    return scheduler.read((state, now) => route.read({ state, now, service: serviceIn(state, serviceName) }, ask));
  }
  const order = route.order(serviceName, ask);
  return 'command' in order ? order.answer(await scheduler.command(order.command)) : order;
}

function serviceIn(state: State, name: string): Service {
  const service = state.services.get(name);
  assert(service, `service ${name} is served by the API but unknown`);
  return service;
}

function askOf(request: Request): Ask {
  const { query, body, headers } = request;
  const parts = request.params as Record<string, string>;
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return {
    name: parts['name'] ?? '',
    parts,
    query,
    body: Buffer.isBuffer(body) ? body.toString('utf8') : '',
    ...(contentType ? { contentType } : {}),
  };
}

function send(response: Response, { status, type, body }: Answer): void {
  response.status(status);
  if (type) response.type(type).send(body);
  else response.end();
}

/** Nothing is there, or not for this method: says what is. */
function noRoute({ method, path }: Request, response: Response): void {
  const here = ROUTES.filter((route) => matches(route.path, path)).map((route) => route.method);
  if (here.length > 0) {
    response.set('Allow', here.join(', '));
    send(response, text(405, `${path} does not take ${method}: use ${here.join(' or ')}`));
    return;
  }
  const all = ROUTES.map((route) => `  ${route.method} ${route.path}`);
  send(response, text(404, `Nothing is served at ${path}. There are:\n${all.join('\n')}`));
}

function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}/?$`).test(path);
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
