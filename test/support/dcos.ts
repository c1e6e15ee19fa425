/**
 * The services of a DC/OS cluster that certificates need, played on loopback: login, certificate authority, secret store (http-api 14).
 * Promises to let nobody in without a token that it gave and still honours, and to answer as the real ones do.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { json } from 'node:stream/consumers';
import { serve } from '../unit/mesos/loopback.ts';
import { type Certifier, certifier } from './certifier.ts';

export interface Dcos {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly certifier: Certifier;
  /** A service account of it, as DCOS_SERVICE_ACCOUNT_CREDENTIAL takes it. */
  readonly credential: string;
  /** By path. */
  readonly secrets: Map<string, { readonly author: string; readonly value: string; readonly description: string }>;
  /** What was asked, in order: `PUT shop/a`, `POST sign`. */
  readonly asked: string[];
  /** Stands before every answer: what it gives is answered instead. */
  meddle: (question: string) => Answer | undefined;
  /** From now on it honours no token that it gave before. */
  forgetTokens(): void;
}

export type Answer = readonly [code: number, body?: unknown];

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const LOGIN = '/acs/api/v1/auth/login';
const SECRETS = '/secrets/v1/secret/default/';

/** Until the test ends; with a key and a certificate over TLS. */
export async function dcos(tls?: { readonly key: string; readonly cert: string }): Promise<Dcos> {
  const tokens = new Set<string>();
  let logins = 0;
  const listener: RequestListener = async (request, response) => {
    const [code, body] = await answer(request);
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const url = await (tls ? serve(createTlsServer(tls, listener), 'https') : serve(createServer(listener)));
  const credential = JSON.stringify({
    scheme: 'RS256',
    uid: 'shop-account',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    login_endpoint: `${url}${LOGIN}`,
  });
  const self: Dcos = {
    url,
    certifier: await certifier(),
    credential,
    secrets: new Map(),
    asked: [],
    meddle: () => undefined,
    forgetTokens: () => tokens.clear(),
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    const body = request.method === 'GET' || request.method === 'DELETE' ? undefined : await json(request);
    if (pathname === LOGIN) {
      const token = unsigned(logins++);
      tokens.add(token);
      return [200, { token }];
    }
    const path = decodeURIComponent(pathname).replace(SECRETS, '').replace('/ca/api/v2/', '');
    const question = `${searchParams.has('list') ? 'LIST' : request.method} ${path}`;
    if (!tokens.has(request.headers.authorization?.replace(/^token=/, '') ?? '')) return [401, 'no valid token'];
    self.asked.push(question);
    return self.meddle(question) ?? (await (pathname.startsWith('/ca/') ? sign(path, body) : keep(question, body)));
  }

  async function sign(path: string, body: unknown): Promise<Answer> {
    const { root, between } = self.certifier;
    const { certificate_request, certificate } = body as Record<string, string>;
    const result =
      path === 'sign'
        ? { certificate: await self.certifier.sign(certificate_request ?? '') }
        : { bundle: `${certificate}\n${between}`, root };
    return [200, { success: true, result, errors: [], messages: [] }];
  }

  function keep(question: string, body: unknown): Answer {
    const [method, path = ''] = question.split(' ');
    const known = self.secrets.has(path);
    switch (method) {
      case 'LIST': {
        const inside = [...self.secrets.keys()].filter((one) => one.startsWith(`${path}/`));
        return inside.length > 0 ? [200, { array: inside.map((one) => one.slice(path.length + 1)) }] : [404];
      }
      case 'PUT':
        if (known) return [409];
        self.secrets.set(path, body as { author: string; value: string; description: string });
        return [201];
      case 'PATCH':
        if (!known) return [404];
        self.secrets.set(path, body as { author: string; value: string; description: string });
        return [204];
      case 'DELETE':
        return self.secrets.delete(path) ? [204] : [404];
      default:
        return [405];
    }
  }

  return self;
}

/** A token of the cluster: what it says is not looked at by anybody but the one who gave it. */
function unsigned(number: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'HS256' }), part({ uid: 'shop-account', number }), 'c2lnbmVk'].join('.');
}
