/**
 * The SUBSCRIBE exchange: follows redirects to the leading master and hands back the open stream of records. It promises that
 * what it returns is a subscription in the media type asked for; it never tries a second time (the scheduler's loop does).
 */
import type { Readable } from 'node:stream';
import { Client, type Dispatcher } from 'undici';
import type { Media } from './codec.ts';

/** What one connection to a master is made of. */
export interface Wire {
  media: Media;
  /** How long an answer to a call may take, in milliseconds. */
  timeoutMs: number;
  /** Aborted when the connection is over: everything that is open closes at once. */
  ended: AbortSignal;
}

export interface Subscription {
  /** The leading master, as `http://host:port`. */
  master: string;
  /** Goes into every later call (Mesos docs, scheduler HTTP API). */
  streamId: string;
  stream: Readable;
}

export const SCHEDULER_PATH = '/api/v1/scheduler';

/** A leader answers; a follower knows the leader. More than this is two masters that disagree. */
const MAX_REDIRECTS = 3;

/** An answer in an error message is cut here: it may be a whole page. */
const MAX_ANSWER_CHARS = 500;

/** Throws, naming the master and what it answered, when this is no subscription. */
export async function openSubscription(master: string, body: Uint8Array, wire: Wire): Promise<Subscription> {
  const asked = [new URL(master).origin];
  for (;;) {
    const origin = asked.at(-1)!;
    const answer = await ask(origin, body, wire);
    if (answer.statusCode !== 307) return subscriptionOf(origin, answer, wire);

    const leader = originOf(header(answer, 'location'));
    await answer.body.dump();
    if (leader === undefined) throw new Error(`${origin} redirects SUBSCRIBE to nowhere`);
    const way = [...asked, leader].join(' -> ');
    // A master that just restarted may name itself or the dead leader for a while (trace 17c): back off, do not follow.
    if (asked.includes(leader)) throw new Error(`the masters redirect SUBSCRIBE in a circle: ${way}`);
    if (asked.length > MAX_REDIRECTS) throw new Error(`the masters redirect SUBSCRIBE too often: ${way}`);
    asked.push(leader);
  }
}

/** A client of one master that is gone once the wire has ended. It uses one socket at a time. */
export function clientOf(master: string, bodyTimeout: number, { timeoutMs, ended }: Wire): Client {
  const client = new Client(master, { connect: { timeout: timeoutMs }, headersTimeout: timeoutMs, bodyTimeout });
  const destroy = () => void client.destroy();
  if (ended.aborted) destroy();
  else ended.addEventListener('abort', destroy, { once: true });
  return client;
}

/** `403 Framework is not subscribed`: an answer's code and the beginning of its text. */
export async function textOf(answer: Dispatcher.ResponseData): Promise<string> {
  let text = '';
  for await (const chunk of answer.body) {
    text += chunk;
    if (text.length > MAX_ANSWER_CHARS) break;
  }
  return `${answer.statusCode} ${text.slice(0, MAX_ANSWER_CHARS).trim()}`.trim();
}

/** What went wrong with a socket, also where Node.js gives only a code. */
export function messageOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}

async function ask(origin: string, body: Uint8Array, wire: Wire): Promise<Dispatcher.ResponseData> {
  try {
    return await clientOf(origin, 0, wire).request({
      path: SCHEDULER_PATH,
      method: 'POST',
      headers: { 'content-type': wire.media, accept: wire.media },
      body,
    });
  } catch (error) {
    throw new Error(`SUBSCRIBE to ${origin} failed: ${messageOf(error)}`);
  }
}

async function subscriptionOf(master: string, answer: Dispatcher.ResponseData, { media }: Wire): Promise<Subscription> {
  if (answer.statusCode !== 200) throw new Error(`${master} refused SUBSCRIBE: ${await textOf(answer)}`);
  const type = header(answer, 'content-type');
  if (type?.split(';')[0] !== media)
    throw new Error(
      `${master} answers SUBSCRIBE with ${type ?? 'no content type'} instead of ${media}: is it a Mesos master?`,
    );
  const streamId = header(answer, 'mesos-stream-id');
  if (!streamId) throw new Error(`${master} answers SUBSCRIBE without Mesos-Stream-Id: is it a Mesos master?`);
  return { master, streamId, stream: answer.body };
}

/** Masters write `//host:port/path` or `host:port`; the path is known anyway. */
function originOf(location: string | undefined): string | undefined {
  const host = /^(?:https?:)?(?:\/\/)?([^/?#]+)/.exec(location ?? '')?.[1];
  return host && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).origin : undefined;
}

function header({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
