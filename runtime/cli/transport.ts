/**
 * One request over HTTP. Promises the whole answer, whatever its code, or `Unreachable` with the reason. Proxies of the environment
 * (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) are used as they say.
 */

import type { Access } from './access.ts';
import { Failure, Unreachable } from './failure.ts';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Response {
  readonly status: number;
  readonly body: string;
}

/** A scheduler that is busy with its store answers late, not never. */
const TIMEOUT_MS = 30_000;

const PROXIES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];

/** Throws `Unreachable` when there is no answer, `Failure` when there is somebody whom we must not trust. */
export async function send(access: Access, { url, ...request }: Request): Promise<Response> {
  const { authorization } = access;
  const headers = { ...request.headers, ...(authorization ? { authorization } : {}) };
  try {
    const fetch = await fetchFor(access);
    const response = await fetch(url, { ...request, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throw unanswered(access.url, error);
  }
}

type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<{ status: number; text(): Promise<string> }>;

/** Node.js brings one that knows neither proxies nor authorities of ours; the one that does is loaded when it is needed. */
async function fetchFor({ ca, unverified }: Access): Promise<Fetch> {
  const isPlain = ca === undefined && !unverified && !PROXIES.some((name) => process.env[name]);
  if (isPlain) return fetch;
  const undici = await import('undici');
  const tls = { ...(ca === undefined ? {} : { ca }), ...(unverified ? { rejectUnauthorized: false } : {}) };
  // A proxy is not asked for a tunnel to a server that speaks plain HTTP: few would open one.
  const dispatcher = new undici.EnvHttpProxyAgent({ connect: tls, requestTls: tls, proxyTunnel: false });
  return (url, init) => undici.fetch(url, { ...init, dispatcher });
}

function unanswered(url: string, error: unknown): Failure {
  const { code, message } = causeOf(error);
  if (/^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT)/.test(code)) {
    return new Failure(
      `The certificate of ${url} is not trusted: ${message}\n` +
        '- Name the authority that signed it: --ca <file> or MAINSTAY_CA_FILE; for a cluster of dcos also core.ssl_verify',
    );
  }
  return new Unreachable(
    [
      `No answer from ${url}: ${message}`,
      '- Does the scheduler run? Right after its start it may not listen yet.',
      '- Is the address right? Give another one with --url or MAINSTAY_URL.',
    ].join('\n'),
  );
}

/** fetch hides why it failed in `cause`, which for a host of several addresses is a list without a message. */
function causeOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  if (error.name === 'TimeoutError') return { code: '', message: `nothing within ${TIMEOUT_MS / 1000} seconds` };
  const { cause } = error;
  if (cause instanceof AggregateError) return causeOf(cause.errors[0]);
  if (cause instanceof Error) return causeOf(cause);
  return { code: String((error as NodeJS.ErrnoException).code ?? ''), message: error.message };
}
