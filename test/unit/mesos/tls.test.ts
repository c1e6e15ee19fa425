/** Masters that speak TLS with certificates of an authority of their own. */
import { createServer } from 'node:https';
import { expect, test } from 'vitest';
import type { Call } from '../../../runtime/kit/mesos-call.ts';
import { accessOf } from '../../../runtime/mesos/access.ts';
import { mastersAt } from '../../../runtime/mesos/masters.ts';
import { authority } from '../../support/certificates.ts';
import { accept, bytesOf, decoding, kill, type Request, serve, subscribed, subscribeTo } from './loopback.ts';

/** A master with a certificate for these names; subscribes everybody. */
function secureMaster(certificate: { key: string; cert: string }, onCall: (call: Call) => void = () => {}) {
  const handle = ({ call, response }: Request) => {
    if (call.type !== 'SUBSCRIBE') {
      onCall(call);
      response.writeHead(202).end();
      return;
    }
    accept(response);
    response.write(bytesOf(subscribed));
  };
  return serve(createServer(certificate, decoding(handle)), 'https');
}

const nobodyElects = () => Promise.reject(new Error('no ZooKeeper here'));

/** Subscribes as the flags of an operator would have it. */
async function subscribeWith(master: string, caFile?: string) {
  const { masters, ...wire } = await accessOf({ master, ...(caFile && { caFile }) }, () => 0);
  return subscribeTo('', { masters: await mastersAt(masters, nobodyElects), ...wire });
}

test('with the CA file the subscription and its calls go over TLS', async () => {
  const trusted = authority();
  const calls: Call[] = [];
  const url = await secureMaster(trusted.server('IP:127.0.0.1'), (call) => calls.push(call));
  const subscriber = await subscribeWith(new URL(url).host, trusted.file);
  expect(await subscriber.next()).toEqual({ kind: 'opened' });
  expect(await subscriber.next()).toEqual({ kind: 'event', event: subscribed });
  subscriber.send(kill(1));
  await expect.poll(() => calls).toEqual([kill(1)]);
});

test('a certificate of an unknown authority is refused', async () => {
  const url = await secureMaster(authority().server('IP:127.0.0.1'));
  for (const caFile of [undefined, authority().file]) {
    const { closed } = await subscribeWith(url, caFile);
    expect(await closed).toMatch(new RegExp(`^SUBSCRIBE to ${url} failed: .*(certificate|issuer)`));
  }
});

test('a certificate for another host is refused', async () => {
  const trusted = authority();
  const url = await secureMaster(trusted.server('DNS:elsewhere.mesos'));
  const { closed } = await subscribeWith(url, trusted.file);
  expect(await closed).toContain("does not match certificate's altnames");
});

test('a redirect keeps TLS, even when it says http', async () => {
  const trusted = authority();
  const certificate = trusted.server('IP:127.0.0.1');
  const leader = await secureMaster(certificate);
  for (const location of [leader.replace('https:', ''), leader.replace('https:', 'http:')]) {
    const follower = createServer(certificate, (_, response) => response.writeHead(307, { Location: location }).end());
    const subscriber = await subscribeWith(await serve(follower, 'https'), trusted.file);
    expect(await subscriber.next()).toEqual({ kind: 'opened' });
    subscriber.close();
  }
});

test('http to a master that wants TLS fails, with its address', async () => {
  const trusted = authority();
  const url = await serve(createServer(trusted.server('IP:127.0.0.1')), 'http');
  const { closed } = await subscribeWith(url, trusted.file);
  expect(await closed).toMatch(new RegExp(`^SUBSCRIBE to ${url} failed: `));
});
