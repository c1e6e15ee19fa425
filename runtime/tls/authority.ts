/**
 * The certificate authority of a DC/OS cluster (http-api 14). Promises a certificate with all that signed it, or the authority's own
 * words why not.
 */
import { X509Certificate } from 'node:crypto';
import type { Ask } from './cluster.ts';

export interface Signed {
  /** The certificate, then those that lead from it to the root, without the root. */
  readonly chain: readonly X509Certificate[];
  readonly root: X509Certificate;
}

/** Has a certificate request (PEM) signed. */
export async function sign(ask: Ask, request: string): Promise<Signed> {
  const { certificate } = await result(ask, 'sign', { certificate_request: request, profile: '' });
  const { bundle, root } = await result(ask, 'bundle', { certificate });
  const [own] = certificatesIn(certificate);
  const [last] = certificatesIn(root);
  if (!own || !last) throw new Error(`the authority gave no ${own ? 'root certificate' : 'certificate'}`);
  // The bundle begins with the certificate itself, and need not leave out the root.
  const between = certificatesIn(bundle).filter((one) => !one.raw.equals(own.raw) && !one.raw.equals(last.raw));
  return { chain: [own, ...between], root: last };
}

async function result(ask: Ask, path: string, body: unknown): Promise<Record<string, unknown>> {
  const { text } = await ask({ method: 'POST', path: `/ca/api/v2/${path}`, body, accepted: [200] });
  const { success, result, errors } = answerIn(text, path);
  if (success && result) return result;
  const said = errors?.map(({ message }) => message).join('; ');
  throw new Error(`the authority refused to ${path} a certificate${said ? `: ${said}` : ''}`);
}

interface Answer {
  readonly success?: boolean;
  readonly result?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message?: string }[];
}

function answerIn(text: string, path: string): Answer {
  try {
    return (JSON.parse(text) ?? {}) as Answer;
  } catch {
    throw new Error(`the authority answered /${path} with something that is no JSON`);
  }
}

function certificatesIn(pem: unknown): X509Certificate[] {
  const blocks = String(pem).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
