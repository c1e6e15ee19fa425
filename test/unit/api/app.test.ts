import { afterEach, expect, test } from 'vitest';
import { createApi } from '../../../runtime/api/app.ts';
import { listen, PortInUse } from '../../../runtime/api/listen.ts';
import type { Note } from '../../../runtime/core/effect.ts';
import type { Scheduler } from '../../../runtime/loop/run.ts';
import { FRAMEWORK, helloWorld, metrics, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

test('an unknown path is told what there is', async () => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  const { status, type, body } = await served.get('/v1/plane');
  expect([status, type]).toEqual([404, 'text/plain; charset=utf-8']);
  expect(body).toContain('Nothing is served at /v1/plane. There are:\n  GET /\n  GET /v1/openapi.json\n');
});

test('a wrong method is told the right one', async () => {
  served = await serve(stateOf(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]), FRAMEWORK));
  const answer = await served.get('/v1/pod/hello-0/restart');
  expect(answer).toMatchObject({ status: 405, body: '/v1/pod/hello-0/restart does not take GET: use POST' });
});

test('a body that is too long is refused, and nothing is done', async () => {
  served = await serve(stateOf(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]), FRAMEWORK));
  expect((await served.post('/v1/pod/hello-0/replace', 'x'.repeat(65 * 1024))).status).toBe(413);
  expect(served.stored).toEqual([]);
});

test('a path that cannot be decoded is refused without a stack', async () => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  const { status, body } = await served.get('/v1/plans/%E0%A4%A');
  expect(status).toBe(400);
  expect(body).not.toMatch(/\n|at /);
});

test('a failure inside is noted and answered with nothing', async () => {
  const notes: Note[] = [];
  const broken: Scheduler = {
    command: () => Promise.reject(new Error('the inside')),
    read: () => Promise.reject(new Error('the inside')),
    watch: () => () => {},
    reload: () => Promise.reject(new Error('the inside')),
    stop: () => {},
  };
  const app = createApi(broken, 'hello-world', { note: (note) => void notes.push(note), metrics });
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 });
  const response = await fetch(`http://127.0.0.1:${port}/v1/plans`);
  expect([response.status, await response.text()]).toEqual([500, '']);
  expect(notes).toMatchObject([
    { level: 'error', message: 'api request failed', keys: { method: 'GET', path: '/v1/plans' } },
  ]);
  await close();
});

test('a port in use is an error of its own', async () => {
  const first = await listen(() => {}, { host: '127.0.0.1', port: 0 });
  await expect(listen(() => {}, { host: '127.0.0.1', port: first.port })).rejects.toThrow(PortInUse);
  await first.close();
});
