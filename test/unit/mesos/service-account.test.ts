/** The login of a DC/OS service account, against an identity service played by hand. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { jwtVerify, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { accessOf } from '../../../runtime/mesos/access.ts';
import { parseServiceAccount, serviceAccount } from '../../../runtime/mesos/service-account.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { accept, bytesOf, listen, serve, subscribed, subscribeTo } from './loopback.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'pkcs8' | 'pkcs1' = 'pkcs8') => privateKey.export({ type, format: 'pem' }).toString();
const NOW = 1_700_000_000_000;
const credential = (login_endpoint: string, more = {}) =>
  JSON.stringify({ scheme: 'RS256', uid: 'shop-account', private_key: pem(), login_endpoint, ...more });

interface Login {
  uid: string;
  token: string;
}

/** Who answers a login: with the token that `give` makes, or a status and text. */
async function identityService(give: (login: Login, count: number) => Promise<string | [number, string]>) {
  const logins: Login[] = [];
  const server = createServer(async (request, response) => {
    logins.push((await json(request)) as Login);
    const answer = await give(logins.at(-1)!, logins.length);
    if (typeof answer !== 'string') response.writeHead(answer[0]).end(answer[1]);
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ token: answer }));
  });
  return { url: `${await serve(server)}/acs/api/v1/auth/login`, logins };
}

/** A token of the cluster, good until a time in milliseconds. */
function clusterToken(n: number, expiresAt?: number): Promise<string> {
  const claims = { uid: 'shop-account', n, ...(expiresAt === undefined ? {} : { exp: expiresAt / 1000 }) };
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('the secret of the cluster'));
}

const payloadOf = (header: string) => JSON.parse(Buffer.from(header.split('.')[1]!, 'base64url').toString());

test('logs in with a token that the account signed for two minutes, and shows what it got', async () => {
  const { url, logins } = await identityService((_, n) => clusterToken(n));
  const shown = await serviceAccount(parseServiceAccount(credential(url)), { clock: () => NOW, marginMs: 0 }).header(
    '',
  );
  expect(shown).toMatch(/^token=/);
  expect(payloadOf(shown)).toMatchObject({ n: 1 });
  expect(logins).toEqual([{ uid: 'shop-account', token: expect.any(String) }]);
  const { payload, protectedHeader } = await jwtVerify(logins[0]!.token, publicKey as KeyObject, {
    currentDate: new Date(NOW),
  });
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect(payload).toEqual({ uid: 'shop-account', exp: NOW / 1000 + 120 });
});

test('one login serves until the margin before the token runs out, then comes the next one', async () => {
  let now = NOW;
  const { url, logins } = await identityService((_, n) => clusterToken(n, now + 600_000));
  const account = serviceAccount(parseServiceAccount(credential(url)), { clock: () => now, marginMs: 30_000 });
  const number = async () => payloadOf(await account.header('')).n;
  expect(await Promise.all([number(), number()])).toEqual([1, 1]);
  now = NOW + 569_999;
  expect(await number()).toBe(1);
  now = NOW + 570_000;
  expect(await Promise.all([number(), number()])).toEqual([2, 2]);
  expect(logins).toHaveLength(2);
});

test('a token without end is used until a master does not take it any more', async () => {
  let now = NOW;
  const { url, logins } = await identityService((_, n) => clusterToken(n));
  const account = serviceAccount(parseServiceAccount(credential(url)), { clock: () => now, marginMs: 30_000 });
  await account.header('');
  now += 1e12;
  expect(payloadOf(await account.header('')).n).toBe(1);
  expect(account.renew()).toBe(true);
  expect(payloadOf(await account.header('')).n).toBe(2);
  expect(logins).toHaveLength(2);
});

test('a login that failed is tried again with the next request', async () => {
  const { url } = await identityService(async (_, n) => (n === 1 ? [503, 'no leader'] : clusterToken(n)));
  const account = serviceAccount(parseServiceAccount(credential(url)), { clock: () => NOW, marginMs: 0 });
  await expect(account.header('')).rejects.toThrow(
    `the login of the service account shop-account at ${url} failed: 503 no leader`,
  );
  expect(payloadOf(await account.header('')).n).toBe(2);
});

test.each([
  ['401 Unauthorized', [401, 'the account is not known'] as [number, string], 'failed: 401 the account is not known'],
  ['an answer without a token', [200, '{"secret":"hush"}'] as [number, string], 'failed: the answer holds no token'],
  ['a page', [200, '<html>hush</html>'] as [number, string], 'failed: the answer holds no token'],
  ['a token that is none', 'hush', 'failed: the answer holds no token'],
])('%s fails the login, and nothing secret is repeated', async (_, answer, reason) => {
  const { url } = await identityService(async () => answer);
  const login = serviceAccount(parseServiceAccount(credential(url)), { clock: () => NOW, marginMs: 0 }).header('');
  await expect(login).rejects.toThrow(reason);
  await expect(login).rejects.toThrow(expect.objectContaining({ message: expect.not.stringContaining('hush') }));
});

test('nobody answers the login', async () => {
  const account = parseServiceAccount(credential('http://127.0.0.1:1/login'));
  await expect(serviceAccount(account, { clock: () => NOW, marginMs: 0 }).header('')).rejects.toThrow('ECONNREFUSED');
});

test('a master that forgets the token gets a fresh one, and the subscription stands', async () => {
  const { url: endpoint, logins } = await identityService((_, n) => clusterToken(n));
  const url = await listen(({ request, response }) => {
    if (payloadOf(request.headers.authorization ?? '').n < 2) return response.writeHead(401).end();
    accept(response);
    response.write(bytesOf(subscribed));
  });
  const options = { master: url, serviceAccount: credential(endpoint) };
  const { authentication } = await accessOf(options, () => NOW);
  const subscriber = subscribeTo(url, { authentication: authentication! });
  expect(await subscriber.next()).toEqual({ kind: 'opened' });
  expect(logins).toHaveLength(2);
});

test('the credential is JSON or a file with it; a key may be of either PEM form; the endpoint has a default', async () => {
  const file = join(temporaryDirectory(), 'service-account.json');
  const text = JSON.stringify({ uid: 'shop-account', private_key: pem('pkcs1') });
  writeFileSync(file, text);
  expect(parseServiceAccount(text)).toMatchObject({
    uid: 'shop-account',
    login: new URL('http://master.mesos/acs/api/v1/auth/login'),
  });
  for (const given of [file, `\n${text}`]) {
    expect(await accessOf({ master: 'm1:5050', serviceAccount: given }, () => NOW)).toHaveProperty('authentication');
  }
});

describe('a credential that cannot be used is refused at the start, without its key', () => {
  const secret = pem().split('\n')[1]!;
  test.each([
    ['no JSON', `{"private_key": "${secret}`, 'it is no JSON object'],
    ['a list', '{}', 'it has no uid'],
    ['no uid', credential('http://m', { uid: '' }), 'it has no uid'],
    ['no key', credential('http://m', { private_key: undefined }), 'it has no private_key'],
    ['a cut key', credential('http://m', { private_key: pem().slice(0, 200) }), 'its private_key is no RSA key in PEM'],
    [
      'a key of another kind',
      credential('http://m', {
        private_key: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      }),
      'its private_key is no RSA key in PEM',
    ],
    ['another scheme', credential('http://m', { scheme: 'HS256' }), 'its scheme is not RS256'],
    ['no address', credential('master.mesos'), 'its login_endpoint is no URL'],
  ])('%s', async (_, text, reason) => {
    const access = accessOf({ master: 'm1:5050', serviceAccount: text }, () => NOW);
    await expect(access).rejects.toThrow(`DCOS_SERVICE_ACCOUNT_CREDENTIAL cannot be used: ${reason}`);
    await expect(access).rejects.toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret) }));
  });

  test('a file that is not there', async () => {
    await expect(accessOf({ master: 'm1:5050', serviceAccount: 'secrets/account.json' }, () => NOW)).rejects.toThrow(
      'DCOS_SERVICE_ACCOUNT_CREDENTIAL: the file secrets/account.json cannot be read: ENOENT',
    );
  });
});
