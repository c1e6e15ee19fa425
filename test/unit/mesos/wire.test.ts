/** The client against a master of raw sockets: what HTTP servers never do, and broken networks do. */
import { createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../../runtime/kit/mesos-call.ts';
import { bytesOf, heartbeat, kill, serve, subscribed, subscribeTo } from './loopback.ts';

const HEAD = [
  'HTTP/1.1 200 OK',
  'Content-Type: application/x-protobuf',
  'Mesos-Stream-Id: stream-1',
  'Transfer-Encoding: chunked',
  '\r\n',
].join('\r\n');

/** One chunk of a chunked answer. */
const chunk = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const END = Buffer.from('0\r\n\r\n');
const events = [subscribed, heartbeat, heartbeat];
/** A whole answer to SUBSCRIBE, in chunks that know nothing of records. */
const answer = () => {
  const records = Buffer.concat(events.map((event) => bytesOf(event)));
  return Buffer.concat([Buffer.from(HEAD), chunk(records.subarray(0, 7)), chunk(records.subarray(7)), END]);
};
const told = events.map((event) => ({ kind: 'event', event }));

/** Hands each connection on once a request has begun. */
function rawMaster(onRequest: (socket: Socket) => void): Promise<string> {
  return serve(
    createServer((socket) => {
      socket.setNoDelay().on('error', () => {});
      socket.once('data', () => onRequest(socket));
    }),
  );
}

test('every byte of an answer in a packet of its own', async () => {
  const url = await rawMaster(async (socket) => {
    for (const byte of answer()) {
      socket.write(Buffer.of(byte));
      await setImmediate();
    }
  });
  const subscriber = subscribeTo(url);
  expect(await subscriber.closed).toBe(`${url} closed the event stream`);
  expect(subscriber.told).toEqual([{ kind: 'opened' }, ...told, { kind: 'closed', reason: expect.any(String) }]);
});

test('an answer that is cut after any of its bytes ends the subscription once, with whole events only', async () => {
  const whole = answer();
  let cut = 0;
  const url = await rawMaster((socket) => socket.end(whole.subarray(0, cut)));
  for (cut = 0; cut < whole.length; cut += 1) {
    const subscriber = subscribeTo(url);
    const reason = await subscriber.closed;
    expect(reason, `cut after ${cut} bytes`).toMatch(/^SUBSCRIBE to .* failed: |^the event stream of .* broke: /);
    const heard = subscriber.told.filter(({ kind }) => kind === 'event');
    expect(told.slice(0, heard.length)).toEqual(heard);
    expect(subscriber.told.at(-1)).toEqual({ kind: 'closed', reason });
  }
});

test.each([
  ['an answer that is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', /^SUBSCRIBE to .* failed: /],
  ['a stream of no chunks', `${HEAD}<html>`, /^the event stream of .* broke: /],
  [
    'headers without end',
    `HTTP/1.1 200 OK\r\n${'X-More: and more\r\n'.repeat(5000)}`,
    /^SUBSCRIBE to .* failed: .*Overflow/i,
  ],
  [
    'a record above all limits',
    `${HEAD}${chunk(Buffer.from('99999999999\n'))}`,
    /a record of 99999999999 bytes is longer than/,
  ],
  ['a record as long as none', `${HEAD}${chunk(Buffer.from('0\n'))}`, /expected the length of a record/],
])('%s', async (_, bytes, reason) => {
  const url = await rawMaster((socket) => socket.write(bytes));
  expect(await subscribeTo(url).closed).toMatch(reason);
});

describe('a call', () => {
  /** A master that subscribes at its first connection and treats the later ones, those of calls, as told. */
  function master(onCall: (socket: Socket) => void) {
    let connections = 0;
    return rawMaster((socket) => {
      connections += 1;
      if (connections > 1) onCall(socket);
      else socket.write(Buffer.concat([Buffer.from(HEAD), chunk(bytesOf(subscribed))]));
    });
  }

  test.each([
    [400, 'Failed to validate scheduler::Call'],
    [401, 'Unauthorized.'],
    [403, 'Framework is not subscribed'],
    [404, 'Not Found.'],
    [429, 'Too Many Requests'],
    [500, 'Internal Server Error'],
    [503, 'No leader elected'],
  ])('that is refused with %i ends the subscription with what was said', async (status, text) => {
    const url = await master((socket) =>
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: ${text.length}\r\n\r\n${text}`),
    );
    const subscriber = subscribeTo(url);
    await subscriber.next();
    subscriber.send(kill(1));
    expect(await subscriber.closed).toBe(`${url} refused KILL: ${status} ${text}`);
  });

  test('to a master that reads nothing waits in bounded memory: the connection ends before that grows', async () => {
    const stalled: Socket[] = [];
    const url = await master((socket) => stalled.push(socket.pause()));
    const subscriber = subscribeTo(url);
    await subscriber.next();
    const megabyte: Call = { type: 'KILL', kill: { task_id: { value: 'x'.repeat(1_000_000) } } };
    let sent = 0;
    while (subscriber.told.at(-1)?.kind !== 'closed' && sent < 1000) {
      subscriber.send(megabyte);
      sent += 1;
    }
    expect(await subscriber.closed).toContain('bytes of calls wait for');
    expect(sent).toBeLessThan(70);
  });
});
