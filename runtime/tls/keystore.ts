/**
 * Stores of keys and certificates for Java: PKCS#12 (RFC 7292), which Java reads where it expects JKS too (`keystore.type.compat`).
 * Promises the password and the aliases that the field knows (svc-yml 4.10); the password is public and protects nothing.
 */
import type { X509Certificate } from 'node:crypto';
import { BmpString, ObjectIdentifier, OctetString } from 'asn1js';
import {
  Attribute,
  AuthenticatedSafe,
  CertBag,
  Certificate,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  SafeBag,
  SafeContents,
} from 'pkijs';

const PASSWORD = new TextEncoder().encode('notsecure').buffer;
const KEY_ALIAS = 'default';
const ROOT_ALIAS = 'dcos-root';

/** As OpenSSL has it; what everybody may open need not be slow to open. */
const ITERATIONS = 2048;

/** AES-256 and SHA-256: Java 8u301, 11.0.12 and later read it, and OpenSSL 3. */
const CIPHER = {
  password: PASSWORD,
  contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
  hmacHashAlgorithm: 'SHA-256',
  iterationCount: ITERATIONS,
};
const SEAL = {
  password: PASSWORD,
  iterations: ITERATIONS,
  pbkdf2HashAlgorithm: { name: 'SHA-256' },
  hmacHashAlgorithm: 'SHA-256',
};

const OID = {
  keyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  /** Oracle's: without it Java takes a certificate for one of a chain, not for one to trust. */
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
  anyUsage: '2.5.29.37.0',
} as const;

/** The key (PKCS#8) with its certificate and all that lead to the root. */
export async function keyStore(key: ArrayBuffer, chain: readonly X509Certificate[]): Promise<Buffer> {
  const bag = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(key) });
  await bag.makeInternalValues(CIPHER);
  const mine = attribute(OID.localKeyId, new OctetString({ valueHex: Uint8Array.of(1).buffer }));
  const bagAttributes = [attribute(OID.friendlyName, new BmpString({ value: KEY_ALIAS })), mine];
  return sealed([
    [new SafeBag({ bagId: OID.keyBag, bagValue: bag, bagAttributes })],
    chain.map((certificate, at) => certBag(certificate, at === 0 ? [mine] : [])),
  ]);
}

/** The one certificate to trust. */
export function trustStore(root: X509Certificate): Promise<Buffer> {
  const trusted = attribute(OID.trustedKeyUsage, new ObjectIdentifier({ value: OID.anyUsage }));
  return sealed([[certBag(root, [attribute(OID.friendlyName, new BmpString({ value: ROOT_ALIAS })), trusted])]]);
}

function certBag({ raw }: X509Certificate, bagAttributes: Attribute[]): SafeBag {
  const bagValue = new CertBag({ parsedValue: Certificate.fromBER(raw) });
  return new SafeBag({ bagId: OID.certBag, bagValue, ...(bagAttributes.length > 0 ? { bagAttributes } : {}) });
}

function attribute(type: string, value: unknown): Attribute {
  return new Attribute({ type, values: [value] });
}

async function sealed(safes: readonly SafeBag[][]): Promise<Buffer> {
  const safeContents = safes.map((safeBags) => ({ privacyMode: 0, value: new SafeContents({ safeBags }) }));
  const authenticatedSafe = new AuthenticatedSafe({ parsedValue: { safeContents } });
  await authenticatedSafe.makeInternalValues({ safeContents: safes.map(() => ({})) });
  const store = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } });
  await store.makeInternalValues(SEAL);
  return Buffer.from(store.toSchema().toBER(false));
}
