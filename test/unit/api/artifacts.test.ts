import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { ConfigSpec, PodSpec } from '../../../runtime/spec/service.ts';
import { helloWorld, helloWorldSpec, type Served, serve, stateOf, TARGET } from './hello-world.ts';

const OLD = 'c0ffee00-0000-4000-8000-000000000000';
const template = '# {{TASK_NAME}}\r\nname={{{NAME}}} ünï ✓ & <"\'>\n\n  {{#A}}\n';
const base = '/v1/artifacts/template';

let served: Served | undefined;
afterEach(() => served?.close());

/** hello-world whose `hello` pod has these files; an older configuration, which some task may still run on, had others. */
function withConfigs(configs: readonly ConfigSpec[], before: readonly ConfigSpec[] = []): Promise<Served> {
  const give = (pod: PodSpec, files: readonly ConfigSpec[]): PodSpec => ({
    ...pod,
    tasks: pod.tasks.map((task) => ({ ...task, configs: files })),
  });
  const spec = helloWorldSpec();
  const [hello, ...others] = spec.pods as [PodSpec, ...PodSpec[]];
  const target = { ...spec, pods: [give(hello, configs), ...others] };
  const old = { ...spec, pods: [give(hello, before), ...others] };
  const service = helloWorld([], {
    configs: new Map([
      [OLD, old],
      [TARGET, target],
    ]),
  });
  return serve(stateOf(service));
}

test('a config template is served as it was stored', async () => {
  served = await withConfigs([{ name: 'conf', destination: 'etc/a.conf', template }]);
  expect(await served.get(`${base}/${TARGET}/hello/server/conf`)).toEqual({
    status: 200,
    type: 'text/plain; charset=utf-8',
    body: template,
  });
});

test('each configuration serves its own templates: a task that runs on an old one finds its file', async () => {
  const [now, before] = ['new', 'old'].map((text) => [{ name: 'conf', destination: 'a', template: text }]);
  served = await withConfigs(now!, before);
  expect((await served.get(`${base}/${TARGET}/hello/server/conf`)).body).toBe('new');
  expect((await served.get(`${base}/${OLD}/hello/server/conf`)).body).toBe('old');
  expect((await served.get(`${base}/${OLD.toUpperCase()}/hello/server/conf`)).body).toBe('old');
});

test('a name that a path cannot hold as it is may be percent-encoded', async () => {
  served = await withConfigs([{ name: 'a/b c?.xml', destination: 'a', template }]);
  expect((await served.get(`${base}/${TARGET}/hello/server/${encodeURIComponent('a/b c?.xml')}`)).body).toBe(template);
});

test.each([
  ['an id that is none', 400, 'not-a-uuid/hello/server/conf'],
  ['an unknown configuration', 404, 'c0ffee00-0000-4000-8000-0000000000ff/hello/server/conf'],
  ['an unknown pod', 404, `${TARGET}/hullo/server/conf`],
  ['a pod instance instead of its type', 404, `${TARGET}/hello-0/server/conf`],
  ['an unknown task', 404, `${TARGET}/hello/client/conf`],
  ['a pod without this file', 404, `${TARGET}/world/server/conf`],
  ['an unknown file', 404, `${TARGET}/hello/server/__proto__`],
])('%s is answered with %i and nothing else', async (_, status, path) => {
  served = await withConfigs([{ name: 'conf', destination: 'a', template }]);
  expect(await served.get(`${base}/${path}`)).toEqual({ status, type: null, body: '' });
});

test('the helper is served as the file that ships', async () => {
  served = await serve(stateOf(helloWorld([])));
  const { status, type, body } = await served.get('/v1/artifacts/bootstrap');
  expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(body).toBe(readFileSync(new URL('../../../runtime/bootstrap/bootstrap', import.meta.url), 'utf8'));
  expect(body).toMatch(/^#!\/bin\/sh\n/);
});

test('a wrong method on a template is told the right one', async () => {
  served = await serve(stateOf(helloWorld([])));
  const answer = await served.post(`${base}/${TARGET}/hello/server/conf`);
  expect(answer).toMatchObject({ status: 405, body: expect.stringMatching(/does not take POST: use GET$/) });
});
