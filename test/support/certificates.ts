/** A certificate authority of a test's own, made with OpenSSL. Promises keys that no one else has and that end with the test. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './directory.ts';

export interface Authority {
  /** The file with its certificate. */
  readonly file: string;
  /** Its certificate in PEM. */
  readonly ca: string;
  /** A server at these addresses, as `IP:127.0.0.1` or `DNS:localhost`. */
  server(...names: readonly string[]): { key: string; cert: string };
  /** A client of this common name. */
  client(name: string): { key: string; cert: string };
}

/** To be called in a test. */
export function authority(): Authority {
  const directory = temporaryDirectory();
  const at = (name: string) => join(directory, name);
  const make = (name: string, ...more: readonly string[]) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', at(`${name}.key`)];
    openssl('req', '-x509', ...key, '-out', at(`${name}.pem`), '-subj', `/CN=${name}`, '-days', '2', ...more);
    return { key: readFileSync(at(`${name}.key`), 'utf8'), cert: readFileSync(at(`${name}.pem`), 'utf8') };
  };
  const signed = ['-CA', at('authority.pem'), '-CAkey', at('authority.key')];
  const { cert } = make('authority');
  return {
    file: at('authority.pem'),
    ca: cert,
    server: (...names) =>
      make(
        'server',
        ...signed,
        ...['-addext', `subjectAltName=${names.join(',')}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
      ),
    client: (name) => make(name, ...signed, '-addext', 'basicConstraints=critical,CA:FALSE'),
  };
}

function openssl(...args: readonly string[]): void {
  const { error, status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (error) throw new Error('these tests need OpenSSL 3 to make certificates: apt-get install openssl');
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
}
