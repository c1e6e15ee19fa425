import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { ends } from '../../../../runtime/api/guard/ends.ts';
import { eventually } from '../../../support/eventually.ts';

test('when a connection goes, each answer on it is told once, also those that waited behind another', async () => {
  const arrived: string[] = [];
  const ended: string[] = [];
  const app = express()
    .use(ends())
    .use(({ url }, response) => {
      arrived.push(url);
      response.on('close', () => ended.push(url));
      if (url === '/answered') response.end();
    });
  const server = createServer(app);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
  const ask = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);

  ask('/answered');
  await eventually(() => expect(ended).toEqual(['/answered']));
  for (const path of ['/1', '/2', '/3']) ask(path);
  await eventually(() => expect(arrived).toHaveLength(4));
  socket.destroy();
  await eventually(() => expect([...ended].sort()).toEqual(['/1', '/2', '/3', '/answered']));
});
