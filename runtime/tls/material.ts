/**
 * All that is kept of one certificate: its key, the certificate with its chain, the root, and both as stores for Java. Promises that
 * the five belong together; the key is nowhere else.
 */
import { KeyObject, webcrypto } from 'node:crypto';
import type { Artifact } from '../core/order.ts';
import type { Signed } from './authority.ts';
import { keyStore, trustStore } from './keystore.ts';
import { pem } from './pem.ts';
import { certificateRequest, type Subject } from './request.ts';

/** Text in PEM; stores in base64. `sign` is given the certificate request in PEM. */
export async function materialFor(
  subject: Subject,
  keys: webcrypto.CryptoKeyPair,
  sign: (request: string) => Promise<Signed>,
): Promise<Record<Artifact, string>> {
  const { chain, root } = await sign(await certificateRequest(keys, subject));
  if (!chain[0]?.checkPrivateKey(KeyObject.from(keys.privateKey))) {
    throw new Error('the authority signed another key than the one it was asked to');
  }
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: chain.map(String).join(''),
    'private-key': pem('PRIVATE KEY', key),
    'root-ca-certificate': String(root),
    keystore: (await keyStore(key, [...chain, root])).toString('base64'),
    truststore: (await trustStore(root)).toString('base64'),
  };
}
