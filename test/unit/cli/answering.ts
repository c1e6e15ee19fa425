/** A server that answers as a test has written down, and remembers what it was asked. Gone when the test has finished. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A text is sent as it is, anything else as JSON; the status is 200 unless it is said. `hangUp` answers nothing. */
export type Answer = { readonly status?: number; readonly body?: unknown; readonly hangUp?: true };

export interface Answering {
  readonly url: string;
  readonly asked: Asked[];
}

/** To be called in a test. `server` may be one that speaks TLS. */
export async function answering(
  answer: (asked: Asked, before: number) => Answer,
  server: Server = createServer(),
): Promise<Answering> {
  const all: Asked[] = [];
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body: Buffer.concat(chunks).toString() };
    const { status = 200, body = '', hangUp } = answer(asked, all.length);
    all.push(asked);
    if (hangUp) return void request.socket.destroy();
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: all };
}
