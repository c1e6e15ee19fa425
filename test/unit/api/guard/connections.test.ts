import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { limitConnections } from '../../../../runtime/api/guard/connections.ts';
import { eventually } from '../../../support/eventually.ts';

/** A server of at most two connections that answers when told. */
async function small() {
  const open: ServerResponse[] = [];
  const server = createServer((_, response) => void open.push(response));
  limitConnections(server, 2);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const join = async (): Promise<{ socket: Socket; isClosed: () => boolean }> => {
    const arrived = new Promise((resolve) => server.once('connection', resolve));
    let closed = false;
    const socket = connect(port, '127.0.0.1').resume();
    socket.on('error', () => {}).on('close', () => (closed = true));
    await arrived;
    return { socket, isClosed: () => closed };
  };
  return { open, join };
}

test('connections that only wait make room, the oldest first', async () => {
  const { join } = await small();
  const [first, second] = [await join(), await join()];
  await join();
  await eventually(() => expect(first.isClosed()).toBe(true));
  expect(second.isClosed()).toBe(false);
  await join();
  await eventually(() => expect(second.isClosed()).toBe(true));
});

test('a connection at work is left alone, and waits from its answer on', async () => {
  const { open, join } = await small();
  const busy = await join();
  busy.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => expect(open).toHaveLength(1));
  const idle = await join();
  const third = await join();
  await eventually(() => expect(idle.isClosed()).toBe(true));
  expect(busy.isClosed()).toBe(false);
  open[0]!.end();
  await new Promise((answered) => busy.socket.once('data', answered));
  await join();
  // The third has waited for longer than the one that was answered just now.
  await eventually(() => expect(third.isClosed()).toBe(true));
  expect(busy.isClosed()).toBe(false);
});

test('when all are at work, it is the new one that has to come again', async () => {
  const { open, join } = await small();
  for (const busy of [await join(), await join()]) busy.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => expect(open).toHaveLength(2));
  const late = await join();
  await eventually(() => expect(late.isClosed()).toBe(true));
});
