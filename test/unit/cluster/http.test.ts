import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMasterHttp, type MasterHttp } from '../../../runtime/cluster/http.ts';
import type { MasterInput } from '../../../runtime/cluster/master-port.ts';
import { decodeEvent } from '../../../runtime/mesos/codec.ts';
import { recordDecoder } from '../../../runtime/mesos/recordio.ts';
import { until } from './process-kit.ts';

const subscribe = { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root', name: 'x' } } };
const suppress = { type: 'SUPPRESS', framework_id: { value: 'fw' } };
const json = { 'Content-Type': 'application/json' };

let server: Server;
let url: string;
let http: MasterHttp;
let inputs: MasterInput[];
/** Answers like a machine that accepts everything. */
let answering: boolean;

beforeEach(async () => {
  inputs = [];
  answering = true;
  http = createMasterHttp(
    (input) => {
      inputs.push(input);
      if (input.kind !== 'call' || !answering) return;
      const { connection } = input;
      if (input.call.type === 'SUBSCRIBE') http.act({ kind: 'answer', connection, status: 200, streamId: 'stream-1' });
      else http.act({ kind: 'answer', connection, status: 202 });
    },
    { '/health': () => undefined, '/state': () => ({ id: 'master' }) },
  );
  server = createServer(http.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  http.close();
  server.closeAllConnections();
  server.close();
});

function post(body: unknown, headers: Record<string, string> = json, path = '/api/v1/scheduler'): Promise<Response> {
  const bytes = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url + path, { method: 'POST', body: bytes, headers });
}

const isCall = (input: MasterInput) => input.kind === 'call';
const media = "Expecting 'Content-Type' of application/json or application/x-protobuf";

describe('a call', () => {
  test.each([
    ['without content type', Buffer.from('{}'), {}, 400, "Expecting 'Content-Type' to be present"],
    ['of another type', '{', { 'Content-Type': 'text/plain' }, 415, media],
    ['with a charset', '{', { 'Content-Type': 'application/json; charset=utf-8' }, 415, media],
    ['of bad JSON', '{', json, 400, /^Failed to/],
    ['of no type', '{}', json, 400, "Failed to validate scheduler::Call: Expecting 'type' to be present"],
    ['of an unknown type', '{"type":"FOO"}', json, 400, /^Failed to validate scheduler::Call: /],
    [
      'without its body',
      '{"type":"ACCEPT"}',
      json,
      400,
      "Failed to validate scheduler::Call: Expecting 'accept' to be present",
    ],
    ['of protobuf garbage', Buffer.from([255]), { 'Content-Type': 'application/x-protobuf' }, 400, /^Failed to/],
    [
      'that subscribes and accepts HTML only',
      JSON.stringify(subscribe),
      { ...json, Accept: 'text/html' },
      406,
      "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    ],
  ])('%s is refused as a Mesos master does', async (_, body, headers, status, text) => {
    const response = await post(body, headers as Record<string, string>);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toEqual(typeof text === 'string' ? text : expect.stringMatching(text));
    expect(inputs).toEqual([]);
  });

  test('reaches the machine with its stream id, whatever it accepts, zipped or not, below /master or not', async () => {
    const headers = { ...json, Accept: 'text/html', 'Mesos-Stream-Id': 'stream-1' };
    const answers = [
      await post(suppress, headers),
      await post(gzipSync(JSON.stringify(suppress)), { ...headers, 'Content-Encoding': 'gzip' }),
      await post(suppress, headers, '/master/api/v1/scheduler'),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202]);
    expect(answers[0]!.headers.get('content-length')).toBe('0');
    const call = { kind: 'call', connection: expect.any(Number), streamId: 'stream-1', call: suppress };
    expect(inputs).toEqual([call, call, call]);
  });

  test('keeps its place among the calls of its connection, even when it is read later than the next one', async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const sent = ['slow', 'a', 'b', 'c'];
    const requests = sent.map((id) => {
      const body = JSON.stringify({ ...suppress, framework_id: { value: id } });
      const head = 'POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
      return `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
    });
    const [first] = requests;
    const received = once(server, 'request');
    socket.write(first!.slice(0, -10));
    await received;
    socket.write(first!.slice(-10) + requests.slice(1).join(''));
    await until(() => inputs.filter(isCall).length === sent.length);
    socket.destroy();
    expect(inputs.map((input) => input.kind === 'call' && input.call.framework_id?.value)).toEqual(sent);
  });
});

describe('a call of an operator', () => {
  test.each(['/api/v1', '/master/api/v1'])('reaches the machine and is answered in JSON (%s)', async (path) => {
    const asked = post({ type: 'GET_AGENTS' }, json, path);
    const input = await until(() => inputs.find(({ kind }) => kind === 'operator'));
    expect(input).toMatchObject({ call: { type: 'GET_AGENTS' } });
    const { connection } = input as { connection: number };
    http.act({ kind: 'answer', connection, status: 200, json: { type: 'GET_AGENTS' } });
    const response = await asked;
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ type: 'GET_AGENTS' });
  });

  test.each([
    ['in another format', Buffer.from([8, 1]), { 'Content-Type': 'application/x-protobuf' }, 415],
    ['of bad JSON', '{', json, 400],
    ['that is no object', '1', json, 400],
  ])('%s is refused', async (_, body, headers, status) => {
    const response = await post(body, headers as Record<string, string>, '/api/v1');
    expect(response.status).toBe(status);
    expect(inputs).toEqual([]);
  });
});

describe('other requests', () => {
  test.each([
    ['GET', '/health', 200, ''],
    ['GET', '/master/health', 200, ''],
    ['GET', '/state', 200, '{"id":"master"}'],
    ['GET', '/master/state?x=1', 200, '{"id":"master"}'],
    ['POST', '/nope', 404, '404 Not Found.'],
    ['POST', '/api/v2/scheduler', 404, '404 Not Found.'],
    ['GET', '/api/v1/scheduler', 405, "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'."],
    ['DELETE', '/state', 405, "405 Method Not Allowed. Expecting one of { 'GET' }, but received 'DELETE'."],
  ])('%s %s: %i', async (method, path, status, body) => {
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
  });
});

describe('an event stream', () => {
  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json;q=0.5, application/x-protobuf', 'application/json'],
    ['application/x-protobuf', 'application/x-protobuf'],
  ] as const)('for Accept %s is %s', async (accept, type) => {
    const response = await post(subscribe, accept === undefined ? json : { ...json, Accept: accept });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('mesos-stream-id')).toBe('stream-1');
    const { connection } = inputs[0] as { connection: number };
    http.act({ kind: 'event', connection, event: { type: 'HEARTBEAT' } });
    http.act({ kind: 'close', connection });
    const records = recordDecoder().push(new Uint8Array(await response.arrayBuffer()));
    expect([...records].map((record) => decodeEvent(record, type))).toEqual([{ type: 'HEARTBEAT' }]);
  });

  test('tells the machine when the client goes', async () => {
    const abort = new AbortController();
    await fetch(`${url}/api/v1/scheduler`, {
      method: 'POST',
      body: JSON.stringify(subscribe),
      headers: json,
      signal: abort.signal,
    });
    abort.abort();
    await until(() => inputs.length > 1);
    expect(inputs[1]).toEqual({ kind: 'disconnected', connection: (inputs[0] as { connection: number }).connection });
  });

  test('whose client went before the answer is told as disconnected too', async () => {
    answering = false;
    let gone = false;
    server.once('connection', (socket) =>
      socket.once('close', () =>
        setImmediate(() => {
          gone = true;
        }),
      ),
    );
    const abort = new AbortController();
    const { signal } = abort;
    const response = fetch(`${url}/api/v1/scheduler`, {
      method: 'POST',
      body: JSON.stringify(subscribe),
      headers: json,
      signal,
    });
    await until(() => inputs.length > 0);
    abort.abort();
    await expect(response).rejects.toThrow();
    const { connection } = inputs[0] as { connection: number };
    await until(() => gone);
    http.act({ kind: 'answer', connection, status: 200, streamId: 'stream-1' });
    expect(inputs.at(-1)).toEqual({ kind: 'disconnected', connection });
  });

  test('of a client that does not read is cut before it eats the memory', async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    const body = JSON.stringify(subscribe);
    socket.write(
      `POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => inputs.length > 0);
    const { connection } = inputs[0] as { connection: number };
    const event = { type: 'ERROR', error: { message: 'x'.repeat(1_000_000) } } as const;
    for (let count = 0; count < 100; count += 1) http.act({ kind: 'event', connection, event });
    await until(() => inputs.some((input) => input.kind === 'disconnected'));
    socket.destroy();
  });
});
