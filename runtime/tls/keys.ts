/** Key pairs for certificates (svc-yml 4.10). Promises that they are made off the main thread: it takes a core for a while. */
import { webcrypto } from 'node:crypto';

/** Makes a pair that signs. */
export type NewKeys = () => Promise<webcrypto.CryptoKeyPair>;

export const rsaKeys: NewKeys = () => webcrypto.subtle.generateKey(RSA_2048, true, ['sign', 'verify']);

const RSA_2048 = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
};
