/** The client against a real HTTP server on loopback that plays the master's part by hand. */
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Call, MesosEvent } from '../../../runtime/kit/mesos.ts';
import {
  type Connection,
  type ConnectionEvent,
  type ConnectionOptions,
  connect,
} from '../../../runtime/mesos/client.ts';
import { decodeCall, encodeEvent, type Media } from '../../../runtime/mesos/codec.ts';
import { encodeRecord } from '../../../runtime/mesos/recordio.ts';

const protobuf = 'application/x-protobuf';
const subscribe: Call = { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root', name: 'data-store' } } };
const subscribed: MesosEvent = {
  type: 'SUBSCRIBED',
  subscribed: { framework_id: { value: 'F' }, heartbeat_interval_seconds: 15 },
};
const heartbeat: MesosEvent = { type: 'HEARTBEAT' };
const bytesOf = (event: MesosEvent, media: Media = protobuf) => Buffer.from(encodeRecord(encodeEvent(event, media)));
const kill = (n: number): Call => ({ type: 'KILL', kill: { task_id: { value: `task-${n}` } } });

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Request {
  call: Call;
  request: IncomingMessage;
  response: ServerResponse;
}

/** Serves each request with its call decoded; returns where. */
async function listen(handle: (request: Request) => void): Promise<string> {
  const server: Server = createServer(async (request, response) => {
    const media = request.headers['content-type'] as Media;
    handle({ call: decodeCall(await buffer(request), media), request, response });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function accept(response: ServerResponse, media: Media = protobuf): void {
  response.writeHead(200, { 'Content-Type': media, 'Mesos-Stream-Id': 'stream-1' });
  response.flushHeaders();
}

/** A master that subscribes everybody and hands every later call to `onCall`. */
function master(
  onCall: (request: Request) => void,
  onSubscribe: (response: ServerResponse) => unknown = (response) => response.write(bytesOf(subscribed)),
) {
  return listen((request) => {
    if (request.call.type !== 'SUBSCRIBE') return onCall(request);
    accept(request.response);
    onSubscribe(request.response);
  });
}

interface Subscriber extends Connection {
  /** All that was told so far. */
  told: ConnectionEvent[];
  /** The next thing told. */
  next(): Promise<ConnectionEvent>;
  /** The reason of the end. */
  closed: Promise<string>;
}

function subscribeTo(url: string, options: Partial<ConnectionOptions> = {}): Subscriber {
  const told: ConnectionEvent[] = [];
  const waiting: ((event: ConnectionEvent) => void)[] = [];
  let read = 0;
  let ended: (reason: string) => void;
  const closed = new Promise<string>((resolve) => {
    ended = resolve;
  });
  const connection = connect({ master: url, ...options }, subscribe, (event) => {
    told.push(event);
    if (event.kind === 'closed') ended(event.reason);
    waiting.shift()?.(event);
  });
  cleanUps.push(() => connection.close());
  const next = () => {
    read += 1;
    const event = told[read - 1];
    return event ? Promise.resolve(event) : new Promise<ConnectionEvent>((done) => waiting.push(done));
  };
  return { ...connection, told, next, closed };
}

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

describe('SUBSCRIBE that fails says why', () => {
  test.each([
    [
      403,
      { 'Content-Type': 'text/plain' },
      'Not allowed to use role',
      'refused SUBSCRIBE: 403 Not allowed to use role',
    ],
    [503, {}, 'No leader elected', 'refused SUBSCRIBE: 503 No leader elected'],
    [500, {}, '', 'refused SUBSCRIBE: 500'],
    [202, {}, '', 'refused SUBSCRIBE: 202'],
    [
      200,
      { 'Content-Type': 'text/html' },
      '<html>',
      'with text/html instead of application/x-protobuf: is it a Mesos master?',
    ],
    [200, { 'Content-Type': protobuf }, '', 'without Mesos-Stream-Id: is it a Mesos master?'],
    [307, {}, '', 'redirects SUBSCRIBE to nowhere'],
  ])('%i %j', async (status, headers, text, reason) => {
    const url = await listen(({ response }) => response.writeHead(status, headers).end(text));
    const { closed, told } = subscribeTo(url);
    expect(await closed).toContain(reason);
    expect(told).toHaveLength(1);
  });

  test('an endless answer is cut', async () => {
    const url = await listen(({ response }) => {
      response.writeHead(500);
      const more = () => void response.write('x'.repeat(10_000), (error) => error ?? more());
      more();
    });
    expect((await subscribeTo(url).closed).length).toBeLessThan(600);
  });

  test('nobody listens', async () => {
    expect(await subscribeTo('http://127.0.0.1:1').closed).toMatch(
      /^SUBSCRIBE to http:\/\/127.0.0.1:1 failed: .*ECONNREFUSED/,
    );
  });

  test('no answer within the time limit', async () => {
    const url = await listen(() => {});
    expect(await subscribeTo(url, { timeoutMs: 20 }).closed).toContain('Headers Timeout');
  });
});

describe('a redirect to the leader', () => {
  const redirectTo = (location: string) =>
    listen(({ response }) => response.writeHead(307, { Location: location }).end());

  test.each([
    ['//host:port/path', (leader: string) => `//${leader}/master/api/v1/scheduler`],
    ['host:port', (leader: string) => leader],
    ['a whole URL', (leader: string) => `http://${leader}/api/v1/scheduler`],
  ])('is followed with the same call: %s', async (_, location) => {
    const calls: Call[] = [];
    const leader = await master(({ call, response }) => {
      calls.push(call);
      response.writeHead(202).end();
    });
    const follower = await redirectTo(location(leader.slice('http://'.length)));
    const subscriber = subscribeTo(follower);
    expect(await subscriber.next()).toEqual({ kind: 'opened' });
    expect(await subscriber.next()).toEqual({ kind: 'event', event: subscribed });
    subscriber.send(kill(1));
    subscriber.send({ type: 'TEARDOWN' });
    await expect.poll(() => calls).toEqual([kill(1), { type: 'TEARDOWN' }]);
  });

  test('to itself is not followed', async () => {
    let asked = 0;
    const url: string = await listen(({ response }) => {
      asked += 1;
      response.writeHead(307, { Location: url.replace('http:', '') }).end();
    });
    expect(await subscribeTo(url).closed).toBe(`the masters redirect SUBSCRIBE in a circle: ${url} -> ${url}`);
    expect(asked).toBe(1);
  });

  test('is followed three times, not more', async () => {
    const leader = await master(() => {});
    const third = await redirectTo(leader.slice(5));
    const second = await redirectTo(third.slice(5));
    const first = await redirectTo(second.slice(5));
    expect(await subscribeTo(first).next()).toEqual({ kind: 'opened' });
    expect(await subscribeTo(await redirectTo(first.slice(5))).closed).toContain(
      'the masters redirect SUBSCRIBE too often: ',
    );
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
    expect(await subscriber.closed).toContain(`the answer of ${url} to KILL was lost: `);
    await setImmediate();
    expect(received).toEqual([kill(1)]);
  });

  test('that are not answered within the time limit end the subscription', async () => {
    const subscriber = subscribeTo(await master(() => {}), { timeoutMs: 20 });
    await subscriber.next();
    subscriber.send(kill(1));
    expect(await subscriber.closed).toContain('to KILL was lost: Headers Timeout');
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
    const connection = connect({ master: url }, subscribe, (event) => {
      told.push(event.kind);
      if (event.kind === 'event') connection.close();
    });
    await expect.poll(() => told).toEqual(['opened', 'event', 'closed']);
    await setImmediate();
    expect(told).toHaveLength(3);
  });
});
