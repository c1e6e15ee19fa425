/**
 * How to reach the masters and what to show them, out of flags, environment and files. Promises that everything is there and
 * readable before the first connection; no message holds a secret.
 */
import { readFile } from 'node:fs/promises';
import type { Clock } from '../kit/clock.ts';
import { type MasterAddress, parseMasters } from './address.ts';
import { type Authentication, basic } from './authentication.ts';
import type { Media } from './codec.ts';

/** What an operator may say; what is absent or empty is not said. */
export interface AccessOptions {
  /** `http://host:port`, several of them with commas, or `zk://host:port,host:port/mesos`. */
  readonly master: string;
  /** JSON instead of protobuf, to be read on the wire. */
  readonly json?: boolean;
  /** A file with the PEM of the authorities that sign the masters' certificates. */
  readonly caFile?: string;
  /** The secret of the service's principal, or the file that holds it. */
  readonly secret?: string;
  readonly secretFile?: string;
  /** A DC/OS service account: JSON, or the file that holds it. */
  readonly serviceAccount?: string;
  /** A token is renewed so many seconds before it runs out. */
  readonly tokenMarginSeconds?: number;
}

export interface Access {
  readonly masters: MasterAddress;
  readonly media: Media;
  /** PEM */
  readonly ca?: string;
  readonly authentication?: Authentication;
  /** Where the cluster of a service account has its other services: `https://master.mesos`. */
  readonly services?: string;
}

/** Rejects, saying what to mend, when one of these cannot be used. */
export async function accessOf(options: AccessOptions, clock: Clock): Promise<Access> {
  const { master, json = false, caFile } = options;
  const masters = parseMasters(master, Boolean(caFile));
  const ca = caFile ? await certificates(caFile) : undefined;
  const credentials = await credentialsOf(options, ca, clock);
  return {
    masters,
    media: json ? 'application/json' : 'application/x-protobuf',
    ...(ca ? { ca } : {}),
    ...credentials,
  };
}

async function certificates(file: string): Promise<string> {
  const text = await read(file, 'the CA file');
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`the CA file ${file} holds no certificate in PEM`);
  return text;
}

async function credentialsOf(
  { secret, secretFile, serviceAccount, tokenMarginSeconds = 30 }: AccessOptions,
  ca: string | undefined,
  clock: Clock,
): Promise<Pick<Access, 'authentication' | 'services'>> {
  if ([secret, secretFile, serviceAccount].filter(Boolean).length > 1) {
    throw new Error('give one of MESOS_SECRET, a secret file and DCOS_SERVICE_ACCOUNT_CREDENTIAL, not several');
  }
  if (secret) return { authentication: basic(secret) };
  if (secretFile) return { authentication: basic(await secretIn(secretFile)) };
  return serviceAccount ? login(serviceAccount, ca, tokenMarginSeconds * 1000, clock) : {};
}

async function secretIn(file: string): Promise<string> {
  // An editor ends the file with a newline, which is no part of the secret.
  const secret = (await read(file, 'the secret file')).trim();
  if (secret === '') throw new Error(`the secret file ${file} is empty`);
  return secret;
}

async function login(given: string, ca: string | undefined, marginMs: number, clock: Clock) {
  // Loaded when needed: few clusters are DC/OS.
  const dcos = await import('./service-account.ts');
  const isText = given.trimStart().startsWith('{');
  const text = isText ? given : await read(given, 'DCOS_SERVICE_ACCOUNT_CREDENTIAL: the file');
  try {
    const account = dcos.parseServiceAccount(text);
    const authentication = dcos.serviceAccount(account, { clock, marginMs, ...(ca ? { ca } : {}) });
    return { authentication, services: account.login.origin };
  } catch (error) {
    throw new Error(`DCOS_SERVICE_ACCOUNT_CREDENTIAL cannot be used: ${(error as Error).message}`);
  }
}

async function read(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${what} ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
