/** What is shown to a master that lets in only whom it knows, as a real one answered (trace 17b). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Call } from '../../../runtime/kit/mesos-call.ts';
import { accessOf } from '../../../runtime/mesos/access.ts';
import { type Authentication, basic } from '../../../runtime/mesos/authentication.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { accept, bytesOf, kill, listen, subscribed, subscribeTo } from './loopback.ts';

const clock = () => 0;
const RIGHT = `Basic ${Buffer.from('data-store-principal:pass').toString('base64')}`;

/** A master that lets in whoever shows one of these; everything that it was shown. */
async function guarded(isRight: (shown: string | undefined) => boolean) {
  const shown: (string | undefined)[] = [];
  const calls: Call[] = [];
  const url = await listen(({ call, request, response }) => {
    const { authorization } = request.headers;
    shown.push(authorization);
    if (!isRight(authorization)) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="mesos-master-scheduler"' }).end('401 Unauthorized.');
      return;
    }
    calls.push(call);
    if (call.type === 'SUBSCRIBE') {
      accept(response);
      response.write(bytesOf(subscribed));
    } else response.writeHead(202).end();
  });
  return { url, shown, calls };
}

test('the secret of the principal goes with SUBSCRIBE and with every call', async () => {
  const { url, shown, calls } = await guarded((authorization) => authorization === RIGHT);
  const subscriber = subscribeTo(url, { authentication: basic('pass') });
  expect(await subscriber.next()).toEqual({ kind: 'opened' });
  subscriber.send(kill(1));
  await expect.poll(() => calls).toHaveLength(2);
  expect(shown).toEqual([RIGHT, RIGHT]);
});

test.each<[string, Authentication | undefined]>([
  ['no secret', undefined],
  ['a wrong secret', basic('wrong')],
])('%s: refused once, with what to set', async (_, authentication) => {
  const { url, shown } = await guarded((authorization) => authorization === RIGHT);
  expect(await subscribeTo(url, { ...(authentication && { authentication }) }).closed).toBe(
    `${url} refused SUBSCRIBE: 401 Unauthorized.; the master wants other credentials: ` +
      'set --mesos-secret-file, MESOS_SECRET or DCOS_SERVICE_ACCOUNT_CREDENTIAL',
  );
  expect(shown).toHaveLength(1);
});

/** Tokens that are numbered; every renewal gives the next one. */
function numbered() {
  let number = 1;
  let renewals = 0;
  const authentication: Authentication = {
    header: async () => `token=${number}`,
    renew: () => {
      number += 1;
      renewals += 1;
      return true;
    },
  };
  return { authentication, renewals: () => renewals };
}

test('a credential that ran out is renewed, and the same SUBSCRIBE and calls are made again', async () => {
  let right = 'token=2';
  const { url, shown, calls } = await guarded((authorization) => authorization === right);
  const { authentication } = numbered();
  const subscriber = subscribeTo(url, { authentication });
  expect(await subscriber.next()).toEqual({ kind: 'opened' });
  subscriber.send(kill(1));
  await expect.poll(() => calls).toHaveLength(2);
  right = 'token=3';
  for (const n of [2, 3]) subscriber.send(kill(n));
  await expect.poll(() => calls).toHaveLength(4);
  expect(calls.slice(1)).toEqual([kill(1), kill(2), kill(3)]);
  expect(shown).toEqual(['token=1', 'token=2', 'token=2', 'token=2', 'token=3', 'token=3']);
});

test('a credential that is refused even when fresh ends the subscription: one renewal, no more', async () => {
  const { url, shown } = await guarded(() => false);
  const { authentication, renewals } = numbered();
  expect(await subscribeTo(url, { authentication }).closed).toContain('refused SUBSCRIBE: 401');
  expect([shown, renewals()]).toEqual([['token=1', 'token=2'], 1]);
});

test('a login that fails ends the attempt with its reason', async () => {
  const { url, shown } = await guarded(() => true);
  const authentication: Authentication = {
    header: async () => {
      throw new Error('the login failed: 503');
    },
    renew: () => false,
  };
  expect(await subscribeTo(url, { authentication }).closed).toBe(`SUBSCRIBE to ${url} failed: the login failed: 503`);
  expect(shown).toEqual([]);
});

test('a secret comes from the environment or from a file, whose last newline is no part of it', async () => {
  const secretFile = join(temporaryDirectory(), 'secret');
  writeFileSync(secretFile, 'pass\n');
  for (const given of [{ secret: 'pass' }, { secretFile }]) {
    const { authentication } = await accessOf({ master: 'm1:5050', ...given }, clock);
    expect(await authentication?.header('data-store-principal')).toBe(RIGHT);
  }
});

test.each([
  ['two ways at once', { secret: 'a', secretFile: 'b' }, 'give one of MESOS_SECRET, a secret file'],
  [
    'a file that is not there',
    { secretFile: '/nowhere/secret' },
    'the secret file /nowhere/secret cannot be read: ENOENT',
  ],
  ['an empty file', { secretFile: '/dev/null' }, 'the secret file /dev/null is empty'],
  ['a CA file that is not there', { caFile: '/nowhere/ca.pem' }, 'the CA file /nowhere/ca.pem cannot be read: ENOENT'],
  ['a CA file without certificate', { caFile: '/dev/null' }, 'the CA file /dev/null holds no certificate in PEM'],
])('refused at the start: %s', async (_, given, message) => {
  await expect(accessOf({ master: 'm1:5050', ...given }, clock)).rejects.toThrow(message);
});

test('nothing given: protobuf, and no credentials; JSON when asked for', async () => {
  const masters = { kind: 'list', origins: ['http://m1:5050'] };
  expect(await accessOf({ master: 'm1:5050' }, clock)).toEqual({ masters, media: 'application/x-protobuf' });
  expect(await accessOf({ master: 'm1:5050', json: true }, clock)).toEqual({ masters, media: 'application/json' });
});
