import { afterEach, expect, test, vi } from 'vitest';
import { listen } from '../../../runtime/api/listen.ts';
import type { TaskRecord } from '../../../runtime/core/state.ts';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, TARGET, taskRecord } from '../api/hello-world.ts';
import { typed } from './typed.ts';

let served: Served | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await served?.close();
});

/** Runs one command line against `url`. */
const mainstay = (url: string, ...argv: string[]) => typed([...argv, '--url', url]);

async function serving(...records: TaskRecord[]): Promise<Served> {
  served = await serve(stateOf(helloWorld(records), FRAMEWORK));
  return served;
}

/** A server that answers everything alike. */
async function answering(status: number, body: string) {
  const { port, close } = await listen((_, response) => response.writeHead(status).end(body), {
    host: '127.0.0.1',
    port: 0,
  });
  return { url: `http://127.0.0.1:${port}`, close };
}

/** An id that nothing has. */
const ELSE = '00000000-0000-4000-8000-00000000e15e';

const running = () => taskRecord('hello', 0, 'TASK_RUNNING');

test('plan list prints the names', async () => {
  const { url } = await serving();
  expect(await mainstay(url, 'plan', 'list')).toEqual({ code: 0, out: '[\n  "deploy",\n  "recovery"\n]\n', err: '' });
});

test.each(['show', 'status'])('plan %s draws the tree of the field', async (verb) => {
  const { url } = await serving(running(), taskRecord('world', 0, 'TASK_STAGING'));
  expect((await mainstay(url, 'plan', verb, 'deploy')).out).toBe(`deploy (serial strategy) (IN_PROGRESS)
├─ hello (serial strategy) (COMPLETE)
│  └─ hello-0:[server] (COMPLETE)
└─ world (serial strategy) (STARTING)
   ├─ world-0:[server] (STARTING)
   └─ world-1:[server] (PENDING)
`);
});

test('a plan in error is drawn like any other, with its errors below', async () => {
  served = await serve(stateOf(helloWorld([running()], { errors: ['something went wrong'] }), FRAMEWORK));
  const { code, out } = await mainstay(served.url, 'plan', 'show', 'deploy');
  expect(code).toBe(0);
  expect(out).toMatch(/^deploy \(serial strategy\) \(ERROR\)\n/);
  expect(out).toMatch(/\n\nErrors:\n- something went wrong\n$/);
});

test.each([
  [['plan', 'list'], '/v1/plans'],
  [['plan', 'show', 'deploy'], '/v1/plans/deploy'],
  [['pod', 'list'], '/v1/pod'],
  [['pod', 'status'], '/v1/pod/status'],
  [['pod', 'status', 'hello-0'], '/v1/pod/hello-0/status'],
  [['endpoints'], '/v1/endpoints'],
])('%s --json is the body of the API', async (argv, path) => {
  const { url, get } = await serving(running());
  expect((await mainstay(url, ...argv, '--json')).out).toBe(`${(await get(path)).body}\n`);
});

test('pod status draws service, pod types, instances and tasks', async () => {
  const { url } = await serving(running(), taskRecord('world', 0, undefined));
  expect((await mainstay(url, 'pod', 'status')).out).toBe(`hello-world
├─ hello
│  └─ hello-0
│     └─ hello-0-server (RUNNING)
└─ world
   └─ world-0
      └─ world-0-server (<UNKNOWN>)
`);
  expect((await mainstay(url, 'pod', 'status', 'hello-0')).out).toBe('hello-0\n└─ hello-0-server (RUNNING)\n');
});

test('pod restart tells the tasks that end', async () => {
  const { url, stored } = await serving(running());
  const { code, out, err } = await mainstay(url, 'pod', 'restart', 'hello-0');
  expect([code, JSON.parse(out), err]).toEqual([0, { pod: 'hello-0', tasks: ['hello-0-server'] }, '']);
  expect(stored).toHaveLength(1);
});

test('pod replace says on stderr which data dies', async () => {
  const volume: Resource = {
    name: 'disk',
    type: 'SCALAR',
    scalar: { value: 25 },
    disk: { persistence: { id: 'v' }, volume: { container_path: 'hello-data', mode: 'RW' } },
  };
  const { url } = await serving(taskRecord('hello', 0, 'TASK_RUNNING', { resources: [volume] }));
  const { code, out, err } = await mainstay(url, 'pod', 'replace', 'hello-0', '--json', '--yes');
  expect([code, JSON.parse(out)]).toEqual([0, { pod: 'hello-0', tasks: ['hello-0-server'] }]);
  expect(err).toBe(
    'hello-0 gives up its place and starts anew, empty. This ends:\n' +
      '- task hello-0-server on 10.0.0.7\n' +
      '- volume hello-data of hello-0-server on 10.0.0.7, 25 MB, with ALL ITS DATA\n',
  );
});

test('pod replace of a pod without volumes says that none is lost', async () => {
  const { url } = await serving(running());
  expect((await mainstay(url, 'pod', 'replace', 'hello-0', '--yes')).err).toBe(
    'hello-0 gives up its place and starts anew. This ends:\n' +
      '- task hello-0-server on 10.0.0.7\n' +
      'It has no persistent volumes: no data is lost.\n',
  );
});

test('endpoints shows the addresses of one, and names those that exist when there is none of that name', async () => {
  const ports = { ports: [{ number: 9042, name: 'native', visibility: 'EXTERNAL' as const }] };
  const { url, get } = await serving(
    taskRecord('hello', 0, 'TASK_RUNNING', { discovery: { visibility: 'CLUSTER', ports } }),
  );
  expect((await mainstay(url, 'endpoints', 'native')).out).toBe(`${(await get('/v1/endpoints/native')).body}\n`);
  expect(await mainstay(url, 'endpoints', 'nativ')).toEqual({
    code: 1,
    out: '',
    err: 'mainstay: error: Endpoint nativ not found: did you mean native?\n- What there is: native\n',
  });
});

test.each([
  [['plan', 'show', 'backup'], 'Plan backup not found\n- What there is: deploy, recovery\n'],
  [['pod', 'restart', 'hello-7'], 'Pod hello-7 not found\n- What there is: hello-0\n'],
  [['pod', 'info', 'helo-0'], 'Pod helo-0 not found: did you mean hello-0?\n- What there is: hello-0\n'],
  [['pod', 'replace', 'a/b'], 'Pod a/b not found\n- What there is: hello-0\n'],
  [['config', 'show', 'newest'], `Configuration newest not found\n- What there is: ${TARGET}\n`],
  [['config', 'show', ELSE], `Configuration ${ELSE} not found\n- What there is: ${TARGET}\n`],
  [
    ['state', 'property', 'hello-0-server:task-statu'],
    'Property hello-0-server:task-statu not found: did you mean hello-0-server:task-status?\n' +
      '- What there is: hello-0-server:task-status\n',
  ],
])('%s: what is missing is named, with how to find what is there', async (argv, err) => {
  const { url } = await serving(running());
  expect(await mainstay(url, ...argv)).toEqual({ code: 1, out: '', err: `mainstay: error: ${err}` });
});

test('nobody there: says where it looked and what to check', async () => {
  const { url, close } = await answering(200, '');
  await close();
  const { code, err } = await mainstay(url, 'plan', 'list');
  expect(code).toBe(1);
  expect(err).toMatch(/^mainstay: error: No answer from http:\/\/127.0.0.1:\d+: connect ECONNREFUSED/);
  expect(err).toMatch(/--url or MAINSTAY_URL/);
});

test.each([
  [404, '', /^mainstay: error: Got 404 Not Found from .*\/v1\/plans:\n/],
  [409, 'busy', /^mainstay: error: HTTP GET .*\/v1\/plans failed: 409 Conflict\nResponse: busy\n$/],
  [500, '', /^mainstay: error: HTTP GET .* failed: 500 Internal Server Error\n- The scheduler may still be starting/],
  [200, '<html>', /^mainstay: error: The answer is not JSON.*\n<html>\n$/],
])('an answer of %i %s is explained', async (status, body, err) => {
  const { url, close } = await answering(status, body);
  const done = await mainstay(url, 'plan', 'list');
  expect(done).toMatchObject({ code: 1, out: '', err: expect.stringMatching(err) });
  await close();
});

test.each(['here', 'ftp://host', 'localhost:8080'])('%s is not taken for an address', async (url) => {
  const { code, err } = await mainstay(url, 'plan', 'list');
  expect([code, err]).toEqual([1, expect.stringContaining('is not the address of a scheduler')]);
});

test('MAINSTAY_URL is where to ask, --url wins', async () => {
  const { url } = await serving();
  vi.stubEnv('MAINSTAY_URL', `${url}/`);
  expect((await typed(['plan', 'list'])).code).toBe(0);
  vi.stubEnv('MAINSTAY_URL', 'http://127.0.0.1:1');
  expect((await mainstay(url, 'plan', 'list')).code).toBe(0);
});
