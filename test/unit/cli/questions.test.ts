import { expect, test } from 'vitest';
import { answering } from './answering.ts';
import { typed } from './typed.ts';

const ID = '7b1f0d0e-6c7a-4c0c-8f0e-3d6a1c1f9a01';

test.each([
  ['config list', 'GET /v1/configurations'],
  ['configs list', 'GET /v1/configurations'],
  [`config show ${ID}`, `GET /v1/configurations/${ID}`],
  ['config target', 'GET /v1/configurations/target'],
  ['config target_id', 'GET /v1/configurations/targetId'],
  ['debug config list', 'GET /v1/configurations'],
  ['debug configs target_id', 'GET /v1/configurations/targetId'],
  ['state framework_id', 'GET /v1/state/frameworkId'],
  ['state properties', 'GET /v1/state/properties'],
  ['state property data-0-node:task-status', 'GET /v1/state/properties/data-0-node%3Atask-status'],
  ['state property a/../b', 'GET /v1/state/properties/a%2F..%2Fb'],
  ['state refresh_cache', 'PUT /v1/state/refresh'],
  ['debug state framework_id', 'GET /v1/state/frameworkId'],
  ['debug state refresh_cache', 'PUT /v1/state/refresh'],
  ['debug pod pause data-0 -t node', 'POST /v1/pod/data-0/pause'],
  ['debug pods resume data-0', 'POST /v1/pod/data-0/resume'],
  ['pods list', 'GET /v1/pod'],
  ['plans list', 'GET /v1/plans'],
  ['pod info data-0', 'GET /v1/pod/data-0/info'],
  ['update status', 'GET /v1/plans/deploy'],
  ['update show', 'GET /v1/plans/deploy'],
  ['update pause', 'POST /v1/plans/deploy/interrupt'],
  ['update interrupt data', 'POST /v1/plans/deploy/interrupt?phase=data'],
  ['update continue data', 'POST /v1/plans/deploy/continue?phase=data'],
  ['update restart data data-0:[node]', 'POST /v1/plans/deploy/restart?phase=data&step=data-0%3A%5Bnode%5D'],
  ['update force data data-0:[node]', 'POST /v1/plans/deploy/forceComplete?phase=data&step=data-0%3A%5Bnode%5D'],
])('%s asks %s', async (line, request) => {
  const { url, asked } = await answering(() => ({ body: { message: 'done', tasks: [] } }));
  expect((await typed([...line.split(' '), '--url', url])).code).toBe(0);
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toContain(request);
});

test('an answer is indented, as it is with --json, or YAML', async () => {
  const { url } = await answering(() => ({ body: '{"name":"data-store","pods":[{"count":3}]}' }));
  const shown = async (...how: string[]) => (await typed(['config', 'target', ...how, '--url', url])).out;
  expect(await shown()).toBe('{\n  "name": "data-store",\n  "pods": [\n    {\n      "count": 3\n    }\n  ]\n}\n');
  expect(await shown('--json')).toBe('{"name":"data-store","pods":[{"count":3}]}\n');
  expect(await shown('--yaml')).toBe('name: data-store\npods:\n  - count: 3\n');
});

test('--json and --yaml together are refused', async () => {
  const { code, err } = await typed(['plan', 'list', '--json', '--yaml']);
  expect([code, err]).toEqual([1, expect.stringContaining("option '--json' cannot be used with option '--yaml'")]);
});

test('--verbose shows on stderr what goes over the wire', async () => {
  const { url } = await answering(() => ({ body: '["deploy"]' }));
  const { out, err } = await typed(['plan', 'list', '--json', '--verbose', '--url', url]);
  expect([out, err]).toEqual(['["deploy"]\n', `> GET ${url}/v1/plans\n< 200 ["deploy"]\n`]);
});

test('a property is any text', async () => {
  const { url } = await answering(() => ({ body: 'DEPLOY' }));
  expect((await typed(['state', 'property', 'last-completed-update-type', '--url', url])).out).toBe('DEPLOY\n');
});
