import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { events } from '../../../../runtime/api/live/events.ts';
import type { Viewer } from '../../../../runtime/api/live/feed.ts';

/** Serves a feed that does what the test says. */
async function serving() {
  const viewers = new Set<Viewer>();
  const feed = {
    follow: (viewer: Viewer) => {
      viewers.add(viewer);
      return () => void viewers.delete(viewer);
    },
  };
  const server = express().get('/v1/events', events(feed)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const open = async (method = 'GET') => {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write(`${method} /v1/events HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, 'readable');
    return socket;
  };
  const send = (key: string, text: string) => {
    for (const viewer of viewers) viewer.send(new Map([[key, text]]));
  };
  return { open, send, viewers };
}

/** Reads until the text is there; returns all that came. */
async function readUntil(socket: Socket, text: string): Promise<string> {
  let all = '';
  while (!all.includes(text)) {
    const chunk: Buffer | null = socket.read();
    if (chunk) all += chunk.toString();
    else await once(socket, 'readable');
  }
  return all;
}

test('an event is one line of JSON, never kept by anybody on the way', async () => {
  const { open, send } = await serving();
  const socket = await open();
  send('pod/data-0', '{"name":"data-0"}');
  const said = await readUntil(socket, '\n\n');
  expect(said).toContain('data: {"pod/data-0":{"name":"data-0"}}\n\n');
  expect(said).toMatch(/Content-Type: text\/event-stream; charset=utf-8/);
  expect(said).toMatch(/Cache-Control: no-store/);
});

test('who does not read gets the newest of each document in the end, and no backlog is kept', async () => {
  const { open, send } = await serving();
  const socket = await open();
  socket.pause();
  const megabyte = 'x'.repeat(1024 * 1024);
  for (let at = 0; at < 100; at++) {
    send('a', JSON.stringify(`${at} ${megabyte}`));
    // The kernel takes what it can.
    await new Promise(setImmediate);
  }
  send('b', '"last"');
  const said = await readUntil(socket, '"last"');
  expect(said.length).toBeLessThan(20 * megabyte.length);
  expect(said).toContain('"a":"99 x');
}, 30_000);

test('who leaves is forgotten', async () => {
  const { open, viewers } = await serving();
  const socket = await open();
  expect(viewers.size).toBe(1);
  const [viewer] = viewers;
  socket.destroy();
  await expect.poll(() => viewers.size).toBe(0);
  viewer?.send(new Map([['a', '1']]));
});

test('HEAD is answered and over', async () => {
  const { open, viewers } = await serving();
  const socket = await open('HEAD');
  expect(String(socket.read())).toMatch(/^HTTP\/1.1 200 OK/);
  expect(viewers.size).toBe(0);
});
