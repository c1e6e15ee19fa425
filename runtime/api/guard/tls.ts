/**
 * Certificates of the API: its own, and those of clients. Promises material that TLS can be spoken with, or an error that names
 * what is wrong; a client's name counts only once our authority has vouched for it.
 */
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';

/** Paths of PEM files. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Who signs the certificates of clients; absent: clients need none. */
  readonly clientCa?: string;
}

export type TlsMaterial = Readonly<Pick<SecureContextOptions, 'cert' | 'key' | 'ca' | 'minVersion'>>;

/** Out of PEM. Throws when one of them is none, or key and certificate are not of a pair. */
export function tlsMaterial([cert = '', key = '', ca]: readonly string[]): TlsMaterial {
  const material: TlsMaterial = { cert, key, ...(ca === undefined ? {} : { ca }), minVersion: 'TLSv1.2' };
  // OpenSSL takes an authority without any certificate for one that signs nothing.
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error('API_TLS_CLIENT_CA_FILE holds no certificate in PEM');
  try {
    createSecureContext(material);
  } catch (error) {
    throw new Error(`API_TLS_CERT_FILE and API_TLS_KEY_FILE cannot be used: ${(error as Error).message}`);
  }
  return material;
}

/** The common name of the client's certificate, if our authority signed it. */
export function certificateName(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' && name !== '' ? name : 'unnamed';
}
