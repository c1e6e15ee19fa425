/** A certificate request (PKCS#10, RFC 2986). Promises the subject and the names that the field knows (svc-yml 4.10), signed by its key. */
import type { webcrypto } from 'node:crypto';
import { Set as AsnSet, BitString, PrintableString, Sequence, Utf8String } from 'asn1js';
import {
  Attribute,
  AttributeTypeAndValue,
  CertificationRequest,
  Extension,
  Extensions,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  RelativeDistinguishedNames,
} from 'pkijs';
import { pem } from './pem.ts';

export interface Subject {
  readonly commonName: string;
  /** DNS names. */
  readonly alternativeNames: readonly string[];
}

/** Object identifiers of X.520 and RFC 5280. */
const OID = {
  commonName: '2.5.4.3',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  state: '2.5.4.8',
  organization: '2.5.4.10',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  extensionRequest: '1.2.840.113549.1.9.14',
} as const;

/** digitalSignature and keyEncipherment: a server of TLS 1.2 with RSA may need either. */
const KEY_USAGE = new BitString({ valueHex: Uint8Array.of(0b1010_0000).buffer, unusedBits: 5 });

const DNS_NAME = 2;

/** PEM. Tasks are servers and clients of each other. */
export async function certificateRequest(keys: webcrypto.CryptoKeyPair, subject: Subject): Promise<string> {
  const request = new CertificationRequest();
  request.subject = RelativeDistinguishedNames.fromBER(nameOf(subject).toBER(false));
  await request.subjectPublicKeyInfo.importKey(keys.publicKey);
  const names = subject.alternativeNames.map((value) => new GeneralName({ type: DNS_NAME, value }));
  const usages = new ExtKeyUsage({ keyPurposes: [OID.serverAuth, OID.clientAuth] });
  const extensions = new Extensions({
    extensions: [
      extension(OID.keyUsage, KEY_USAGE, true),
      extension(OID.extKeyUsage, usages.toSchema()),
      extension(OID.subjectAltName, new GeneralNames({ names }).toSchema()),
    ],
  });
  request.attributes = [new Attribute({ type: OID.extensionRequest, values: [extensions.toSchema()] })];
  await request.sign(keys.privateKey, 'SHA-256');
  return pem('CERTIFICATE REQUEST', request.toSchema().toBER(false));
}

/** As ASN.1, since pkijs itself would write all parts as one. */
function nameOf({ commonName }: Subject): Sequence {
  const parts = [
    new AttributeTypeAndValue({ type: OID.country, value: new PrintableString({ value: 'US' }) }),
    part(OID.state, 'CA'),
    part(OID.locality, 'San Francisco'),
    part(OID.organization, 'Mesosphere, Inc'),
    part(OID.commonName, commonName),
  ];
  return new Sequence({ value: parts.map((one) => new AsnSet({ value: [one.toSchema()] })) });
}

function part(type: string, value: string): AttributeTypeAndValue {
  return new AttributeTypeAndValue({ type, value: new Utf8String({ value }) });
}

function extension(extnID: string, value: { toBER(sizeOnly?: boolean): ArrayBuffer }, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER(false) });
}
