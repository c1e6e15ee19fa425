import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { limitReaders } from '../../../../runtime/api/guard/readers.ts';
import { eventually } from '../../../support/eventually.ts';

/** More than the system takes in for a client that does not read. */
const LARGE = 'x'.repeat(64 * 1024 * 1024);

test('a client that does not take its answer is dropped; one that waits for its answer is not', async () => {
  const waiting: ServerResponse[] = [];
  let isDropped = false;
  const server = createServer(({ url }, response) => {
    if (url === '/wait') waiting.push(response);
    else response.on('close', () => (isDropped = true)).end(LARGE);
  });
  limitReaders(server, 50);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;

  const patient = fetch(`http://127.0.0.1:${port}/wait`);
  await eventually(() => expect(waiting).toHaveLength(1));
  const deaf = connect(port, '127.0.0.1').on('error', () => {});
  deaf.pause().write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => expect(isDropped).toBe(true));
  let taken = 0;
  const closed = new Promise((resolve) => deaf.on('close', resolve));
  deaf.on('data', (piece: Buffer) => (taken += piece.length)).resume();
  await closed;
  expect(taken).toBeLessThan(LARGE.length);
  waiting[0]!.end('at last');
  expect(await (await patient).text()).toBe('at last');
});
