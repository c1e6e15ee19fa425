/** HTTP and TCP checks against real ports. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { askHttp, askTcp } from '../../../runtime/cluster/probe.ts';

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('a page answers with its status code', async () => {
  const server = createServer((request, response) => response.writeHead(request.url === '/up' ? 204 : 404).end());
  const port = await portOf(server);
  expect(await askHttp({ kind: 'http', scheme: 'http', port, path: '/up' }, 0)).toEqual({ statusCode: 204 });
  expect(await askHttp({ kind: 'http', scheme: 'http', port, path: '/' }, 5000)).toEqual({ statusCode: 404 });
});

test('where nobody listens, a port says so and a page says nothing', async () => {
  const port = await freePort();
  expect(await askTcp(port, 5000)).toEqual({ succeeded: false });
  expect(await askHttp({ kind: 'http', scheme: 'http', port, path: '/' }, 5000)).toEqual({});
});

test('a port with a listener succeeds', async () => {
  expect(await askTcp(await portOf(createTcpServer((socket) => socket.destroy())), 0)).toEqual({ succeeded: true });
});

test('a server that never answers is given up when the time is over', async () => {
  const silent = createTcpServer((socket) => onTestFinished(() => void socket.destroy()));
  const port = await portOf(silent);
  expect(await askHttp({ kind: 'http', scheme: 'http', port, path: '/' }, 20)).toEqual({});
});
