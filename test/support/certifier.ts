/**
 * A certificate authority that signs requests: a root, one in between, and whatever they are asked for, with real signatures. Promises
 * what an authority checks: a request whose own signature is wrong is refused.
 */
import { webcrypto, X509Certificate } from 'node:crypto';
import { Integer, Utf8String } from 'asn1js';
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  CertificationRequest,
  Extension,
  Extensions,
  PublicKeyInfo,
  RelativeDistinguishedNames,
} from 'pkijs';

export interface Certifier {
  /** PEM */
  readonly root: string;
  readonly between: string;
  /** The certificate (PEM) that a request (PEM) asks for. Rejects one that is not signed by its own key. */
  sign(request: string): Promise<string>;
}

const EC = { name: 'ECDSA', namedCurve: 'P-256' };
const [COMMON_NAME, BASIC_CONSTRAINTS, EXTENSION_REQUEST] = ['2.5.4.3', '2.5.29.19', '1.2.840.113549.1.9.14'];
const DAY_MS = 86_400_000;

interface Issuer {
  readonly subject: RelativeDistinguishedNames;
  readonly key: webcrypto.CryptoKey;
}

/** What a certificate says. */
interface Statement {
  readonly subject: RelativeDistinguishedNames;
  readonly publicKey: PublicKeyInfo;
  readonly extensions: Extension[];
}

export async function certifier(): Promise<Certifier> {
  const root = await authority('test root');
  const between = await authority('test intermediate', root);
  return {
    root: root.pem,
    between: between.pem,
    sign: async (text) => {
      const request = CertificationRequest.fromBER(derOf(text));
      if (!(await request.verify())) throw new Error('the request is not signed by its own key');
      const { values } = request.attributes?.find(({ type }) => type === EXTENSION_REQUEST) ?? {};
      const { extensions } = new Extensions({ schema: values?.[0] });
      const { subject, subjectPublicKeyInfo: publicKey } = request;
      return issue({ subject, publicKey, extensions }, between);
    },
  };
}

async function authority(name: string, issuer?: Issuer): Promise<Issuer & { readonly pem: string }> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const part = new AttributeTypeAndValue({ type: COMMON_NAME, value: new Utf8String({ value: name }) });
  const subject = new RelativeDistinguishedNames({ typesAndValues: [part] });
  const publicKey = new PublicKeyInfo();
  await publicKey.importKey(keys.publicKey);
  const ca = new BasicConstraints({ cA: true }).toSchema().toBER(false);
  const extensions = [new Extension({ extnID: BASIC_CONSTRAINTS, critical: true, extnValue: ca })];
  const own = { subject, key: keys.privateKey };
  return { ...own, pem: await issue({ subject, publicKey, extensions }, issuer ?? own) };
}

let serial = 1;

async function issue({ subject, publicKey, extensions }: Statement, issuer: Issuer): Promise<string> {
  const certificate = new Certificate({ version: 2, serialNumber: new Integer({ value: serial++ }), extensions });
  certificate.subject = subject;
  certificate.issuer = issuer.subject;
  certificate.notBefore.value = new Date(Date.now() - DAY_MS);
  certificate.notAfter.value = new Date(Date.now() + DAY_MS);
  certificate.subjectPublicKeyInfo = publicKey;
  await certificate.sign(issuer.key, 'SHA-256');
  return String(new X509Certificate(Buffer.from(certificate.toSchema().toBER(false))));
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}
