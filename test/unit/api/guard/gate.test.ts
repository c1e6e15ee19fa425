import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { type GateLimits, gate } from '../../../../runtime/api/guard/gate.ts';
import { eventually } from '../../../support/eventually.ts';

async function behindGate(limits: Partial<GateLimits>, handler: RequestListener): Promise<string> {
  const app = express()
    .use(gate({ open: 100, ahead: 100, ...limits }))
    .use(handler);
  const server = createServer(app);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('one request too many is sent away with a time to come back; a place that is free is given again', async () => {
  const held: (() => void)[] = [];
  const url = await behindGate({ open: 2 }, (_, response) => void held.push(() => response.end()));
  const first = [fetch(url), fetch(url)];
  await eventually(() => expect(held).toHaveLength(2));
  const refused = await fetch(url);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await refused.text()).toBe('More than 2 clients are served now: try again in 2 s');
  for (const answer of held.splice(0)) answer();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
  const again = fetch(url);
  await eventually(() => expect(held).toHaveLength(1));
  held[0]!();
  expect((await again).status).toBe(200);
});

test('who leaves makes room', async () => {
  const url = await behindGate({ open: 1 }, (request, response) => request.url === '/stay' || response.end());
  const leave = new AbortController();
  const stays = fetch(`${url}/stay`, { signal: leave.signal }).catch(() => 'left');
  await eventually(async () => expect((await fetch(url)).status).toBe(503));
  leave.abort();
  expect(await stays).toBe('left');
  await eventually(async () => expect((await fetch(url)).status).toBe(200));
});

test('a connection that sends much ahead of its answers counts once, and is dropped when it goes too far', async () => {
  let seen = 0;
  const url = await behindGate({ open: 2, ahead: 3 }, ({ url: path }, response) => {
    seen++;
    if (path === '/answered') response.end();
  });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).resume();
  const dropped = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
  const ask = 'GET /stay HTTP/1.1\r\nHost: a\r\n\r\n';
  socket.write(ask.repeat(3));
  await eventually(() => expect(seen).toBe(3));
  expect((await fetch(`${url}/answered`)).status).toBe(200);
  socket.write(ask);
  await dropped;
  await eventually(() => expect(seen).toBe(4));
});
