/** Ways to a subscription that end before it begins, and the redirect that leads to the leader. */
import { describe, expect, test } from 'vitest';
import type { Call } from '../../../runtime/kit/mesos-call.ts';
import { kill, listen, master, protobuf, subscribed, subscribeTo } from './loopback.ts';

describe('SUBSCRIBE that fails says why', () => {
  test.each([
    [
      403,
      { 'Content-Type': 'text/plain' },
      'Not allowed to use role',
      'refused SUBSCRIBE: 403 Not allowed to use role',
    ],
    [401, {}, '401 Unauthorized.', 'refused SUBSCRIBE: 401 Unauthorized.; the master wants other credentials'],
    [404, {}, '404 Not Found.', 'refused SUBSCRIBE: 404 Not Found.; is it a Mesos master?'],
    [429, {}, 'Too Many Requests', 'refused SUBSCRIBE: 429 Too Many Requests'],
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
