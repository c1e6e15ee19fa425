/** Certificates in a secret store, whatever the authority, the store and the process do meanwhile. */
import { X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Order } from '../../../runtime/core/order.ts';
import { fulfilment } from '../../../runtime/tls/orders.ts';
import { authority } from '../../support/certificates.ts';
import { type Answer, type Dcos, dcos } from '../../support/dcos.ts';
import { shakenHands } from './handshake.ts';
import { ARTIFACTS, certificateOf, fulfilmentAt, removal } from './ordering.ts';

let cluster: Dcos;
let fulfil: (order: Order) => Promise<void>;
beforeEach(async () => {
  cluster = await dcos();
  fulfil = await fulfilmentAt(cluster);
});

const order = certificateOf(0);
const kept = (artifact: (typeof ARTIFACTS)[number], of = order) =>
  cluster.secrets.get(of.secrets[artifact])?.value ?? '';
const count = (question: string | RegExp) => cluster.asked.filter((one) => one.match(question)).length;

/** The five secrets of an order belong together: they make a server that its clients trust. */
async function expectWhole(of = order): Promise<void> {
  const [name = ''] = of.alternativeNames;
  const pems = { cert: kept('certificate', of), key: kept('private-key', of) };
  const store = { pfx: Buffer.from(kept('keystore', of), 'base64'), passphrase: 'notsecure' };
  const ca = kept('root-ca-certificate', of);
  expect(ca.trim()).toBe(cluster.certifier.root.trim());
  const own = new X509Certificate(pems.cert).fingerprint256;
  expect([await shakenHands(pems, ca, name), await shakenHands(store, ca, name)]).toEqual([own, own]);
}

test('makes all five secrets, of which both sides of a handshake can be made', async () => {
  await fulfil(order);
  expect([...cluster.secrets.keys()].sort()).toEqual(Object.values(order.secrets).sort());
  await expectWhole();
  expect(kept('private-key')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  for (const { author, description } of cluster.secrets.values()) {
    expect([author, description]).toEqual(['shop', 'transport encryption of a task']);
  }
});

test('the certificate says whose it is and what it may do', async () => {
  await fulfil(order);
  const certificate = new X509Certificate(kept('certificate'));
  expect(certificate.subject.split('\n')).toEqual([
    'C=US',
    'ST=CA',
    'L=San Francisco',
    'O=Mesosphere\\, Inc',
    'CN=web-0-server.shop',
  ]);
  expect(certificate.subjectAltName).toBe('DNS:web-0-server.shop.example, DNS:web.shop.vip.example');
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65_537n });
});

test('what is whole is kept: nothing is asked but whether it is there', async () => {
  await fulfil(order);
  const before = new Map(cluster.secrets);
  cluster.asked.length = 0;
  await (await fulfilmentAt(cluster))(order);
  expect(cluster.asked).toEqual(['LIST shop']);
  expect(cluster.secrets).toEqual(before);
});

test('many at once are made one like the other', async () => {
  const orders = [0, 1, 2, 3, 4].map((index) => certificateOf(index));
  await Promise.all(orders.map(fulfil));
  expect(cluster.secrets.size).toBe(orders.length * ARTIFACTS.length);
  for (const one of orders) await expectWhole(one);
  expect(new Set(orders.map((one) => kept('private-key', one))).size).toBe(orders.length);
});

test('services behind TLS are those that the masters’ authority has signed, or none', async () => {
  const trusted = authority();
  cluster = await dcos(trusted.server('IP:127.0.0.1'));
  await (await fulfilmentAt(cluster, trusted.file))(order);
  await expectWhole();
  await expect((await fulfilmentAt(cluster))(order)).rejects.toThrow(/self-signed certificate|unable to/);
});

describe('what was half-written is made anew, all of it', () => {
  test.each([0, 1, 4])('when the scheduler died after it had written %i of five', async (written) => {
    const isWrite = (question: string) => /^(PUT|PATCH)/.test(question);
    cluster.meddle = (question) => (isWrite(question) && count(/^(PUT|PATCH)/) > written ? [503, 'sealed'] : undefined);
    await expect(fulfil(order)).rejects.toThrow(/PUT .*: answered 503 "sealed"$/);
    expect(cluster.secrets.size).toBe(written);
    cluster.meddle = () => undefined;
    await (await fulfilmentAt(cluster))(order);
    await expectWhole();
    expect(count(/sign/)).toBe(2);
  });

  test.each(['private-key', 'truststore'] as const)('when somebody removed the %s', async (artifact) => {
    await fulfil(order);
    const before = kept('private-key');
    cluster.secrets.delete(order.secrets[artifact]);
    // ...and the next try dies in the middle, with four old secrets and one missing:
    cluster.meddle = (question) => (count(/^PATCH/) > 2 && question.startsWith('PATCH') ? [503] : undefined);
    await expect(fulfil(order)).rejects.toThrow('503');
    expect(cluster.secrets.has(order.secrets[artifact])).toBe(false);
    cluster.meddle = () => undefined;
    await fulfil(order);
    await expectWhole();
    expect(kept('private-key')).not.toBe(before);
  });
});

describe('a token that is not honoured any more', () => {
  test('is renewed, and the question asked again', async () => {
    await fulfil(order);
    cluster.forgetTokens();
    await fulfil(certificateOf(1));
    await expectWhole(certificateOf(1));
  });

  test('twice in a row is an answer', async () => {
    cluster.meddle = () => [401, 'who are you?'];
    await expect(fulfil(order)).rejects.toThrow(
      `GET ${cluster.url}/secrets/v1/secret/default/shop?list=true: answered 401 "who are you?"`,
    );
  });
});

describe('says why it cannot be done, and has written nothing', () => {
  const refused = { success: false, result: null, errors: [{ code: 5100, message: 'the profile is unknown' }] };
  const nothing = { success: true, result: { certificate: '', bundle: '', root: '' } };
  test.each<[string, string, Answer, RegExp]>([
    ['the store is sealed', 'LIST', [503, 'sealed'], /^GET \S+shop\?list=true: answered 503 "sealed"$/],
    [
      'the store answers something else',
      'LIST',
      [200, { names: [] }],
      /^the secret store did not answer with the names/,
    ],
    ['the account may not list', 'LIST', [403, 'forbidden'], /answered 403 "forbidden"$/],
    ['the authority fails', 'POST sign', [500, 'no root'], /^POST \S+\/ca\/api\/v2\/sign: answered 500 "no root"$/],
    [
      'the authority refuses',
      'POST sign',
      [200, refused],
      /^the authority refused to sign a certificate: the profile is unk/,
    ],
    ['the authority gives no chain', 'POST bundle', [200, refused], /^the authority refused to bundle a certificate: /],
    ['the authority gives no certificate', 'POST sign', [200, nothing], /^the authority gave no certificate$/],
    ['the authority gives no root', 'POST bundle', [200, nothing], /^the authority gave no root certificate$/],
    [
      'the authority gives no JSON',
      'POST sign',
      [200],
      /^the authority answered \/sign with something that is no JSON$/,
    ],
    ['the authority gives null', 'POST sign', [200, null], /^the authority refused to sign a certificate$/],
  ])('%s', async (_, question, answer, why) => {
    cluster.meddle = (asked) => (asked.startsWith(question) ? answer : undefined);
    const told = await fulfil(order).catch((error: Error) => error.message);
    expect(told).toMatch(why);
    expect(told).not.toMatch(/token|PRIVATE/);
    expect(cluster.secrets.size).toBe(0);
  });

  test('the authority signs the key of somebody else', async () => {
    await fulfil(certificateOf(1));
    const other = kept('certificate', certificateOf(1));
    cluster.secrets.clear();
    cluster.meddle = (question) =>
      question === 'POST sign' ? [200, { success: true, result: { certificate: other } }] : undefined;
    await expect(fulfil(order)).rejects.toThrow(/^the authority signed another key than the one it was asked to$/);
    expect(cluster.secrets.size).toBe(0);
  });

  test('nobody answers', async () => {
    const credential = cluster.credential.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1');
    const lost = await fulfilmentAt({ credential });
    await expect(lost(order)).rejects.toThrow(
      /the login of the service account shop-account at .* failed: connect ECONNREFUSED/,
    );
  });

  test('there is no service account', async () => {
    const alone = fulfilment({});
    await expect(alone(order)).rejects.toThrow(/^no service account: set DCOS_SERVICE_ACCOUNT_CREDENTIAL$/);
  });
});

describe('a removal', () => {
  const others = ['shop/password', 'shop/my__certificate', 'shop/sub/0__web-0-server__node__keystore', 'shopping/a'];
  const another = { author: 'me', value: 'mine', description: '' };

  test('takes every certificate, of old names too, and leaves what is somebody else’s', async () => {
    for (const path of others) cluster.secrets.set(path, another);
    const old = `shop/${'a'.repeat(40)}__gone-7-server__old-name__private-key`;
    cluster.secrets.set(old, another);
    await fulfil(order);
    await fulfil(certificateOf(1));
    await fulfil(removal);
    expect([...cluster.secrets.keys()].sort()).toEqual(others.toSorted());
  });

  test('goes on where it was left', async () => {
    await fulfil(order);
    cluster.meddle = () => (count(/^DELETE/) > 2 ? [503, 'sealed'] : undefined);
    await expect(fulfil(removal)).rejects.toThrow(/^DELETE .*: answered 503 "sealed"$/);
    expect(cluster.secrets.size).toBe(3);
    cluster.meddle = () => undefined;
    await fulfil(removal);
    expect(cluster.secrets.size).toBe(0);
  });

  test('of nothing is done at once', async () => {
    await fulfil(removal);
    expect(cluster.asked).toEqual(['LIST shop']);
  });

  test('does not mind that somebody else was faster', async () => {
    await fulfil(order);
    cluster.meddle = (question) => (question.startsWith('DELETE') ? [404] : undefined);
    await fulfil(removal);
  });
});
