/** The document and the routes: neither has what the other lacks, and answers are as they are described. */
import { afterEach, expect, test } from 'vitest';
import { createApi } from '../../../runtime/api/app.ts';
import { explained } from '../../../runtime/core/offer/explanation.ts';
import { type Described, described, document, examples, objectionTo, operationName } from './document.ts';
import { FRAMEWORK, helloWorld, metrics, type Served, serve, stateOf } from './hello-world.ts';
import { STORIES } from './stories.ts';

let served: Served | undefined;
afterEach(() => served?.close());

/** What express was given to serve, as far as it can be told; routers are looked into. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

function routesIn(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (!route) return routesIn(handle?.stack ?? []);
    return Object.keys(route.methods).map((method) => operationName(method, route.path));
  });
}

test('what is served is described, and what is described is served', () => {
  const broken = { command: () => {}, read: () => {}, watch: () => () => {}, stop: () => {} } as never;
  const app = createApi(broken, 'hello-world', { note: () => {}, metrics, log: () => '' });
  // The page is files, not a route.
  const routes = ['GET /', ...routesIn((app.router as { stack: Layer[] }).stack)];
  expect([...new Set(routes)].sort()).toEqual(described.map(({ name }) => name).sort());
});

test('it is served as it is written', async () => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  const { status, body } = await served.get('/v1/openapi.json');
  expect([status, JSON.parse(body)]).toEqual([200, document]);
});

test('every example is one', () => {
  expect(examples().filter(({ wrong }) => wrong !== undefined)).toEqual([]);
});

const covered = new Set<string>();

async function ask(what: string): Promise<{ asked: Described; status: number; wrong: string | undefined }> {
  const [, method = '', path = '', sent] = /^(\w+) (\S+)(?: (.+))?$/.exec(what) ?? [];
  const asked = described.find((one) => one.method === method.toLowerCase() && fits(one.path, path));
  if (!asked || !served) throw new Error(`${what} is not described`);
  const response = await fetch(served.url + path, { method, ...bodyOf(sent) });
  const answer = { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  return { asked, status: answer.status, wrong: objectionTo(asked, answer) };
}

/** A path without parts of its own comes first in the document, as among the routes. */
function fits(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/?]+')}([?].*)?$`).test(path);
}

function bodyOf(sent: string | undefined): { body?: FormData | string; headers?: Record<string, string> } {
  if (sent === undefined) return {};
  if (!sent.startsWith('form'))
    return { body: sent, headers: { 'content-type': sent === 'text' ? 'text/plain' : 'application/json' } };
  const form = new FormData();
  form.append(sent === 'form' ? 'file' : 'other', new Blob(['hello']));
  return { body: form };
}

test.each(Object.entries(STORIES))('a service %s answers as it is described', async (_, [begin, questions]) => {
  const state = begin();
  const why = explained([{ agent: 'agent-1', need: 'cpus', wanted: '4', had: '2.5' }], 0);
  state.session.explanations.set('hello-world/deploy/world-1:[server]', why);
  served = await serve(state);
  for (const question of questions) {
    const { asked, status, wrong } = await ask(question);
    expect({ question, status, wrong }).toEqual({ question, status, wrong: undefined });
    covered.add(`${asked.name} ${status}`);
  }
});

const ELSEWHERE = new Set([
  // It does not end; its own tests read it.
  'GET /v1/events 200',
  // Some other condition always holds.
  'GET /v1/health 503',
  // A service that is served has a target, and a recovery has no mistakes: clients of the field are prepared for both.
  'GET /v1/configurations/targetId 404',
  'GET /v1/configurations/target 404',
  'GET /v1/recovery 417',
  // The store has to fail.
  'PUT /v1/state/refresh 500',
]);

test('every answer that is described is given in one of the stories', () => {
  const all = described.flatMap(({ name, operation }) =>
    Object.keys(operation.responses).map((status) => `${name} ${status}`),
  );
  expect(all.filter((answer) => !covered.has(answer) && !ELSEWHERE.has(answer))).toEqual([]);
});
