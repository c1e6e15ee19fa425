/**
 * Certificates of the API: its own, and those of clients. Promises material that TLS can be spoken with, or an error that names the
 * file; a client's name counts only once our authority has vouched for it.
 */
import { readFileSync } from 'node:fs';
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

/** Throws when a file cannot be read, or key and certificate are not of a pair. */
export function readTls({ cert, key, clientCa }: TlsFiles): TlsMaterial {
  const material: TlsMaterial = {
    cert: pem('API_TLS_CERT_FILE', cert),
    key: pem('API_TLS_KEY_FILE', key),
    ...(clientCa ? { ca: pem('API_TLS_CLIENT_CA_FILE', clientCa) } : {}),
    minVersion: 'TLSv1.2',
  };
  try {
    createSecureContext(material);
  } catch (error) {
    throw new Error(`TLS cannot be spoken with ${cert} and ${key}: ${(error as Error).message}`);
  }
  return material;
}

function pem(variable: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${variable} ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new Error(`${variable} ${file} holds no PEM`);
}

/** The common name of the client's certificate, if our authority signed it. */
export function certificateName(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' && name !== '' ? name : 'unnamed';
}
