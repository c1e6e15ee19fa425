/**
 * A DC/OS service account: logs in with a signed token, shows what it got to the masters, and logs in again before that runs out.
 * Promises one login at a time and no key, secret or token in any message.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import type { Dispatcher } from 'undici';
import type { Clock } from '../kit/clock.ts';
import type { Authentication } from './authentication.ts';
import { ask, clientOf, messageOf, textOf } from './http.ts';

export interface ServiceAccount {
  readonly uid: string;
  readonly key: KeyObject;
  readonly login: URL;
}

export interface LoginOptions {
  readonly clock: Clock;
  /** A token is not used when it runs out within so many milliseconds. */
  readonly marginMs: number;
  /** PEM of the only authorities to trust; absent: those of Node.js. */
  readonly ca?: string;
}

/** Where the cluster's identity service is when the credential does not say. */
const LOGIN = 'http://master.mesos/acs/api/v1/auth/login';

/** How long what we sign ourselves is good for. */
const SIGNED_SECONDS = 120;

const LOGIN_TIMEOUT_MS = 10_000;

interface Token {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The credential as DC/OS writes it: JSON with `uid`, `private_key` (PEM) and, perhaps, `login_endpoint`. Throws. */
export function parseServiceAccount(text: string): ServiceAccount {
  const { uid, private_key, login_endpoint, scheme } = fields(text);
  if (typeof uid !== 'string' || uid === '') throw new Error('it has no uid');
  if (scheme !== undefined && scheme !== 'RS256') throw new Error('its scheme is not RS256');
  if (typeof private_key !== 'string') throw new Error('it has no private_key');
  const login = login_endpoint === undefined ? LOGIN : login_endpoint;
  if (typeof login !== 'string' || !/^https?:/.test(login) || !URL.canParse(login)) {
    throw new Error('its login_endpoint is no URL');
  }
  return { uid, key: privateKey(private_key), login: new URL(login) };
}

export function serviceAccount(account: ServiceAccount, options: LoginOptions): Authentication {
  const { clock, marginMs } = options;
  let token: Promise<Token> | undefined;

  function current(): Promise<Token> {
    if (token) return token;
    const coming = login(account, options);
    coming.catch(() => forget(coming));
    token = coming;
    return coming;
  }

  function forget(old: Promise<Token>): void {
    if (token === old) token = undefined;
  }

  return {
    async header() {
      const held = current();
      const { expiresAt } = await held;
      if (expiresAt - clock() <= marginMs) forget(held);
      return `token=${(await current()).text}`;
    },
    renew() {
      token = undefined;
      return true;
    },
  };
}

function fields(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What the parser says quotes the text, and with it the key.
  }
  if (typeof value !== 'object' || value === null) throw new Error('it is no JSON object');
  return value as Record<string, unknown>;
}

function privateKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // As above.
  }
  if (key?.asymmetricKeyType !== 'rsa') throw new Error('its private_key is no RSA key in PEM');
  return key;
}

async function login({ uid, key, login }: ServiceAccount, { clock, ca }: LoginOptions): Promise<Token> {
  const exp = Math.floor(clock() / 1000) + SIGNED_SECONDS;
  const signed = await new SignJWT({ uid, exp }).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(key);
  const line = { timeoutMs: LOGIN_TIMEOUT_MS, ended: AbortSignal.timeout(LOGIN_TIMEOUT_MS), ...(ca ? { ca } : {}) };
  const client = clientOf(login.origin, LOGIN_TIMEOUT_MS, line);
  try {
    const answer = await ask(client, {
      path: login.pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uid, token: signed }),
    });
    if (answer.statusCode !== 200) throw new Error(await textOf(answer));
    return await tokenOf(answer);
  } catch (error) {
    throw new Error(`the login of the service account ${uid} at ${login.href} failed: ${messageOf(error)}`);
  } finally {
    void client.destroy();
  }
}

/** A token that does not say when it ends is good until a master does not take it any more. */
async function tokenOf(answer: Dispatcher.ResponseData): Promise<Token> {
  try {
    const { token } = (await answer.body.json()) as { token: string };
    const { exp } = decodeJwt(token);
    return { text: token, expiresAt: exp === undefined ? Number.POSITIVE_INFINITY : exp * 1000 };
  } catch {
    throw new Error('the answer holds no token');
  }
}
