import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countedRequests } from '../../../runtime/metrics/http.ts';
import { type Metrics, newMetrics, snapshotOf } from '../../../runtime/metrics/metrics.ts';

let metrics: Metrics;
let port: number;
let close: () => Promise<void>;
/** Resolves when the server is done with a request, however it ended. */
let done: Promise<unknown>;

beforeEach(async () => {
  metrics = newMetrics(() => 0);
  const server = createServer(
    countedRequests(metrics, (request, response) => {
      done = once(response, 'close');
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      if (pathname === '/events') {
        response.setHeader('content-type', 'text/event-stream; charset=utf-8');
        response.write(': here\n\n');
        return;
      }
      response.statusCode = Number(pathname.slice(1));
      response.end();
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
});
afterEach(() => close());

const counters = () => Object.fromEntries(snapshotOf(metrics, new Map()).counters);

async function ask(method: string, path: string): Promise<void> {
  const sent = request({ host: '127.0.0.1', port, method, path, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  response.resume();
  await done;
}

test('requests are counted by method and class of status, and timed', async () => {
  await ask('GET', '/200');
  await ask('GET', '/204');
  await ask('GET', '/318');
  await ask('POST', '/409');
  await ask('PUT', '/500');
  expect(counters()).toEqual({
    'api.requests.get.2xx': 2,
    'api.requests.get.3xx': 1,
    'api.requests.post.4xx': 1,
    'api.requests.put.5xx': 1,
  });
  expect(metrics.timers.get('api.request')?.rate.count).toBe(5);
});

test('methods that nobody uses are one name', async () => {
  for (const method of ['PROPFIND', 'SEARCH', 'UNLINK']) await ask(method, '/404');
  expect(counters()).toEqual({ 'api.requests.other.4xx': 3 });
});

test('a request that asks to be kept waiting is counted, but not timed', async () => {
  await ask('GET', '/200?wait=30');
  expect(counters()).toEqual({ 'api.requests.get.2xx': 1 });
  expect(metrics.timers.size).toBe(0);
});

test('a stream of events is counted when its reader leaves, but not timed', async () => {
  const sent = request({ host: '127.0.0.1', port, path: '/events', agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  await once(response, 'data');
  sent.destroy();
  await done;
  expect(counters()).toEqual({ 'api.requests.get.2xx': 1 });
  expect(metrics.timers.size).toBe(0);
});
