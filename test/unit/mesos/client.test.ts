/** The client against a real HTTP server on loopback that plays the master's part by hand. */
import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../../runtime/kit/mesos-call.ts';
import { connect } from '../../../runtime/mesos/client.ts';
import type { Media } from '../../../runtime/mesos/codec.ts';
import { inTurn } from '../../../runtime/mesos/masters.ts';
import { encodeRecord } from '../../../runtime/mesos/recordio.ts';
import {
  accept,
  bytesOf,
  heartbeat,
  kill,
  listen,
  master,
  type Request,
  subscribe,
  subscribed,
  subscribeTo,
} from './loopback.ts';

describe('a subscription', () => {
  test.each<Media>(['application/x-protobuf', 'application/json'])(
    'opens, tells events in order and ends with the stream (%s)',
    async (media) => {
      const requests: Request[] = [];
      const url = await listen((request) => {
        requests.push(request);
        accept(request.response, media);
        request.response.end(Buffer.concat([subscribed, heartbeat].map((event) => bytesOf(event, media))));
      });
      const { closed, told } = subscribeTo(url, { media });
      expect(await closed).toBe(`${url} closed the event stream`);
      expect(told).toEqual([
        { kind: 'opened' },
        { kind: 'event', event: subscribed },
        { kind: 'event', event: heartbeat },
        { kind: 'closed', reason: `${url} closed the event stream` },
      ]);
      expect(requests).toHaveLength(1);
      const [{ call, request }] = requests as [Request];
      expect(call).toEqual(subscribe);
      expect(request.url).toBe('/api/v1/scheduler');
      expect(request.headers).toMatchObject({ 'content-type': media, accept: media });
      expect(request.headers).not.toHaveProperty('mesos-stream-id');
    },
  );

  test('hears the same events when every byte comes alone', async () => {
    const bytes = Buffer.concat([subscribed, heartbeat].map((event) => bytesOf(event)));
    const url = await master(
      () => {},
      async (response) => {
        for (const byte of bytes) {
          response.write(Buffer.of(byte));
          await setImmediate();
        }
        response.end();
      },
    );
    const { closed, told } = subscribeTo(url);
    await closed;
    expect(told.slice(1, -1)).toEqual([subscribed, heartbeat].map((event) => ({ kind: 'event', event })));
  });

  test('passes an event of unknown type on as UNKNOWN', async () => {
    const url = await master(
      () => {},
      (response) => void response.end(encodeRecord(Buffer.from('0863', 'hex'))),
    );
    const { closed, told } = subscribeTo(url);
    await closed;
    expect(told[1]).toEqual({ kind: 'event', event: { type: 'UNKNOWN' } });
  });

  test('is over when the server ends in the middle of a record', async () => {
    const url = await master(
      () => {},
      (response) => void response.end(bytesOf(subscribed).subarray(0, 10)),
    );
    expect(await subscribeTo(url).closed).toBe(`${url} closed the event stream in the middle of a record`);
  });

  test('is over when the socket breaks', async () => {
    const url = await master(
      () => {},
      (response) => void response.write(bytesOf(subscribed), () => response.destroy()),
    );
    const { closed, told } = subscribeTo(url);
    expect(await closed).toContain(`the event stream of ${url} broke: `);
    expect(told.map(({ kind }) => kind)).toEqual(['opened', 'event', 'closed']);
  });

  test.each([
    ['bytes that are no record', Buffer.from('<html>'), 'expected the length of a record, found "<html>"'],
    [
      'a record that is no event',
      Buffer.from(encodeRecord(Buffer.from('12ff', 'hex'))),
      'Failed to parse 2 bytes of application/x-protobuf as Event',
    ],
  ])('is over at %s', async (_, bytes, reason) => {
    const url = await master(
      () => {},
      (response) => void response.write(Buffer.concat([bytesOf(subscribed), bytes])),
    );
    const { closed, told } = subscribeTo(url);
    expect(await closed).toContain(reason);
    expect(told.map(({ kind }) => kind)).toEqual(['opened', 'event', 'closed']);
  });
});

describe('calls', () => {
  test('are received one after the other, in order, with the stream id, on a connection of their own', async () => {
    const received: Request[] = [];
    const subscriptions: ServerResponse[] = [];
    const url = await master(
      async (request) => {
        received.push(request);
        await setImmediate(); // the answer takes a while; nothing may overtake it
        expect(received.at(-1)).toBe(request);
        request.response.writeHead(202).end();
      },
      (response) => void subscriptions.push(response),
    );
    const subscriber = subscribeTo(url);
    await subscriber.next();
    for (let n = 0; n < 50; n += 1) subscriber.send(kill(n));
    await expect.poll(() => received.length).toBe(50);
    expect(received.map(({ call }) => call)).toEqual(Array.from({ length: 50 }, (_, n) => kill(n)));
    expect(new Set(received.map(({ request }) => request.headers['mesos-stream-id']))).toEqual(new Set(['stream-1']));
    const sockets = new Set(received.map(({ request }) => request.socket));
    expect(sockets.size).toBe(1);
    expect(sockets).not.toContain(subscriptions[0]!.req.socket);
  });

  test('are sent as they were when handed over', async () => {
    const received: Call[] = [];
    const url = await master(({ call, response }) => {
      received.push(call);
      response.writeHead(202).end();
    });
    const subscriber = subscribeTo(url);
    await subscriber.next();
    const call = kill(1);
    subscriber.send(call);
    (call as { kill: { task_id: { value: string } } }).kill.task_id.value = 'changed';
    await expect.poll(() => received).toEqual([kill(1)]);
  });

  test('that are refused end the subscription, and those behind them are not sent', async () => {
    const received: Call[] = [];
    let gone: Promise<unknown> | undefined;
    const url = await master(({ call, request, response }) => {
      received.push(call);
      gone = once(request.socket, 'close');
      if (received.length === 1) response.writeHead(202).end();
      else response.writeHead(403).end('Framework is not subscribed');
    });
    const subscriber = subscribeTo(url);
    await subscriber.next();
    for (const n of [1, 2, 3]) subscriber.send(kill(n));
    expect(await subscriber.closed).toBe(`${url} refused KILL: 403 Framework is not subscribed`);
    await gone;
    expect(received).toEqual([kill(1), kill(2)]);
  });

  test('whose answer was lost are never sent again', async () => {
    const received: Call[] = [];
    const url = await master(({ call, response }) => {
      received.push(call);
      response.destroy();
    });
    const subscriber = subscribeTo(url);
    await subscriber.next();
    for (const n of [1, 2]) subscriber.send(kill(n));
    expect(await subscriber.closed).toContain(`no answer of ${url} to KILL: `);
    await setImmediate();
    expect(received).toEqual([kill(1)]);
  });

  test('that are not answered within the time limit end the subscription', async () => {
    const subscriber = subscribeTo(await master(() => {}), { timeoutMs: 20 });
    await subscriber.next();
    subscriber.send(kill(1));
    expect(await subscriber.closed).toContain('to KILL: Headers Timeout');
  });

  test('that pile up without bound end the subscription', async () => {
    const subscriber = subscribeTo(await master(() => {}));
    await subscriber.next();
    const big: Call = { type: 'KILL', kill: { task_id: { value: 'x'.repeat(20_000_000) } } };
    for (let n = 0; n < 4; n += 1) subscriber.send(big);
    expect(await subscriber.closed).toMatch(/^80\d{6} bytes of calls wait for http/);
  });

  test('before the subscription opened are a mistake', async () => {
    expect(() => subscribeTo('http://127.0.0.1:1').send(kill(1))).toThrow(
      'KILL was sent before the subscription opened',
    );
  });
});

describe('closing', () => {
  test('tells closed once and nothing after it; the master sees both connections end', async () => {
    const ended: Promise<unknown>[] = [];
    const url = await master(
      ({ response, request }) => {
        ended.push(once(request.socket, 'close'));
        response.writeHead(202).end();
      },
      (response) => {
        ended.push(once(response, 'close'));
        response.write(Buffer.concat([bytesOf(subscribed), bytesOf(heartbeat)]));
      },
    );
    const subscriber = subscribeTo(url);
    await subscriber.next();
    await subscriber.next();
    subscriber.send(kill(1));
    await expect.poll(() => ended.length).toBe(2);
    const before = subscriber.told.length;
    subscriber.close();
    expect(subscriber.told.slice(before)).toEqual([{ kind: 'closed', reason: 'closed by the scheduler' }]);
    subscriber.close();
    subscriber.send(kill(2));
    await Promise.all(ended);
    await setImmediate();
    expect(subscriber.told).toHaveLength(before + 1);
  });

  test('while SUBSCRIBE is not yet answered', async () => {
    const master = new EventEmitter();
    const url = await listen(({ response }) => master.emit('asked', response));
    const asked = once(master, 'asked');
    const subscriber = subscribeTo(url);
    const [response] = (await asked) as [ServerResponse];
    subscriber.close();
    await once(response, 'close');
    expect(subscriber.told).toEqual([{ kind: 'closed', reason: 'closed by the scheduler' }]);
  });

  test('from within an event, with more events in the same chunk', async () => {
    const url = await master(
      () => {},
      (response) => void response.write(Buffer.concat([bytesOf(subscribed), bytesOf(heartbeat)])),
    );
    const told: string[] = [];
    const connection = connect({ masters: inTurn([url]) }, subscribe, (event) => {
      told.push(event.kind);
      if (event.kind === 'event') connection.close();
    });
    await expect.poll(() => told).toEqual(['opened', 'event', 'closed']);
    await setImmediate();
    expect(told).toHaveLength(3);
  });
});
