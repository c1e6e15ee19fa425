import { afterEach, expect, test } from 'vitest';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const NOTHING = { version: '3.1.3', gauges: {}, counters: {}, histograms: {}, meters: {}, timers: {} };

test('numbers are one line of JSON that nobody may keep', async () => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  const response = await fetch(`${served.url}/v1/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(response.headers.get('cache-control')).toBe('must-revalidate,no-cache,no-store');
  expect(await response.text()).toBe(JSON.stringify(NOTHING));
});

test('`pretty` makes them readable', async () => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  const { body } = await served.get('/v1/metrics?pretty=true');
  expect(body).toMatch(/^\{\n {2}"version" : "3\.1\.3",\n/);
  expect(JSON.parse(body)).toEqual(NOTHING);
});

test.each(['GET', 'POST'])('Prometheus asks with %s, and may name what it wants', async (method) => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  const wanted = ['mainstay_process_start_time_seconds', 'mainstay_nodejs_version_info'];
  const query = wanted.map((name) => `name[]=${name}`).join('&');
  const response = await fetch(`${served.url}/v1/metrics/prometheus?${query}`, { method });
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name).sort()).toEqual(wanted.sort());
});

test('numbers are there until the service is gone', async () => {
  served = await serve(stateOf(helloWorld([], { uninstall: 'on' }), FRAMEWORK));
  expect((await served.get('/v1/metrics')).status).toBe(200);
  expect((await served.get('/v1/metrics/prometheus')).status).toBe(200);
});
