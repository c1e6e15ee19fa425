/**
 * HTTP to one server: a client that lives as long as its wire, requests that carry the credentials, words for what went wrong.
 * Promises that a credential which ran out is renewed once a request, and that nothing hangs longer than the wire allows.
 */
import type { Client, Dispatcher } from 'undici';
// Not from the whole of undici: it takes 10 MB and 30 ms more, for kinds of clients that we do not have.
import request from 'undici/lib/api/api-request.js';
import HttpClient from 'undici/lib/dispatcher/client.js';
import type { Authentication } from './authentication.ts';
import type { Media } from './codec.ts';

/** What a connection to a server is made of. */
export interface Line {
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Aborted when it is over: everything that is open closes at once. */
  readonly ended: AbortSignal;
  /** PEM of the only authorities to trust; absent: those of Node.js. */
  readonly ca?: string;
}

/** A line to a master. */
export interface Wire extends Line {
  readonly media: Media;
  /** Of the framework. */
  readonly principal: string;
  readonly authentication?: Authentication;
}

export const SCHEDULER_PATH = '/api/v1/scheduler';

/** An answer in an error message is cut here: it may be a whole page. */
const MAX_ANSWER_CHARS = 500;

/** A client of one server that is gone once the line has ended. It uses one socket at a time. */
export function clientOf(origin: string, bodyTimeout: number, { timeoutMs, ended, ca }: Line): Client {
  const client = new HttpClient(origin, {
    connect: { timeout: timeoutMs, ...(ca === undefined ? {} : { ca }) },
    headersTimeout: timeoutMs,
    bodyTimeout,
  });
  const destroy = () => void client.destroy();
  if (ended.aborted) destroy();
  else ended.addEventListener('abort', destroy, { once: true });
  return client;
}

/** One exchange. Rejects when it fails below HTTP, such as with a socket or a timeout. */
export function ask(client: Client, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
  return request.call(client, options);
}

/** Posts a call. */
export function postCall(
  client: Client,
  wire: Wire,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Dispatcher.ResponseData> {
  const { media } = wire;
  const all = { 'content-type': media, accept: media, ...headers };
  return askAs(wire, client, { path: SCHEDULER_PATH, method: 'POST', headers: all, body });
}

/** As `ask`, with credentials. A 401 means that it was not looked at, so with another credential it is asked once more. */
export async function askAs(
  { principal, authentication }: Pick<Wire, 'principal' | 'authentication'>,
  client: Client,
  options: Dispatcher.RequestOptions & { readonly headers: Readonly<Record<string, string>> },
): Promise<Dispatcher.ResponseData> {
  for (let again = false; ; again = true) {
    const authorization = await authentication?.header(principal);
    const headers = { ...options.headers, ...(authorization ? { authorization } : {}) };
    const answer = await ask(client, { ...options, headers });
    if (answer.statusCode !== 401 || again || !authentication?.renew()) return answer;
    await answer.body.dump();
  }
}

/** `403 Framework is not subscribed`: an answer's code and the beginning of its text. */
export async function textOf(answer: Dispatcher.ResponseData): Promise<string> {
  let text = '';
  for await (const chunk of answer.body) {
    text += chunk;
    if (text.length > MAX_ANSWER_CHARS) break;
  }
  const code = String(answer.statusCode);
  const said = text.slice(0, MAX_ANSWER_CHARS).trim();
  // Mesos says `401 Unauthorized.` by itself.
  return said.startsWith(code) ? said : `${code} ${said}`.trim();
}

/** What went wrong with a socket, also where Node.js gives only a code. */
export function messageOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}

/** The first value of a header. */
export function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
