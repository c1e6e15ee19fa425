/**
 * The SUBSCRIBE exchange: follows redirects to the leading master and hands back the open stream of records. It promises that
 * what it returns is a subscription in the media type asked for; it never tries a second time (the scheduler's loop does).
 */
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { clientOf, headerOf, messageOf, postCall, textOf, type Wire } from './http.ts';

export interface Subscription {
  /** The leading master, as `http://host:port`. */
  master: string;
  /** Goes into every later call (Mesos docs, scheduler HTTP API). */
  streamId: string;
  stream: Readable;
}

/** A leader answers; a follower knows the leader. More than this is two masters that disagree. */
const MAX_REDIRECTS = 3;

/** What to do about a refusal that a master's own words do not explain. */
const REMEDIES: Readonly<Record<number, string>> = {
  401: 'the master wants other credentials: set --mesos-secret-file, MESOS_SECRET or DCOS_SERVICE_ACCOUNT_CREDENTIAL',
  403: 'the principal of the service lacks a permission',
  404: 'is it a Mesos master?',
};

/** Throws, naming the master and what it answered, when this is no subscription. */
export async function openSubscription(master: string, body: Uint8Array, wire: Wire): Promise<Subscription> {
  const asked = [new URL(master).origin];
  for (;;) {
    const origin = asked.at(-1)!;
    const answer = await ask(origin, body, wire);
    if (answer.statusCode !== 307) return subscriptionOf(origin, answer, wire);

    const leader = redirection(headerOf(answer, 'location'), origin);
    await answer.body.dump();
    if (leader === undefined) throw new Error(`${origin} redirects SUBSCRIBE to nowhere`);
    const way = [...asked, leader].join(' -> ');
    // A master that just restarted may name itself or the dead leader for a while (trace 17c): back off, do not follow.
    if (asked.includes(leader)) throw new Error(`the masters redirect SUBSCRIBE in a circle: ${way}`);
    if (asked.length > MAX_REDIRECTS) throw new Error(`the masters redirect SUBSCRIBE too often: ${way}`);
    asked.push(leader);
  }
}

async function ask(origin: string, body: Uint8Array, wire: Wire): Promise<Dispatcher.ResponseData> {
  try {
    return await postCall(clientOf(origin, 0, wire), wire, body);
  } catch (error) {
    throw new Error(`SUBSCRIBE to ${origin} failed: ${messageOf(error)}`);
  }
}

async function subscriptionOf(master: string, answer: Dispatcher.ResponseData, { media }: Wire): Promise<Subscription> {
  const { statusCode } = answer;
  if (statusCode !== 200) {
    const remedy = REMEDIES[statusCode];
    throw new Error(`${master} refused SUBSCRIBE: ${await textOf(answer)}${remedy ? `; ${remedy}` : ''}`);
  }
  const type = headerOf(answer, 'content-type');
  if (type?.split(';')[0] !== media)
    throw new Error(
      `${master} answers SUBSCRIBE with ${type ?? 'no content type'} instead of ${media}: is it a Mesos master?`,
    );
  const streamId = headerOf(answer, 'mesos-stream-id');
  if (!streamId) throw new Error(`${master} answers SUBSCRIBE without Mesos-Stream-Id: is it a Mesos master?`);
  return { master, streamId, stream: answer.body };
}

/**
 * Masters write `//host:port/path` or `host:port`; the path is known anyway, and the scheme stays: what began with TLS is never
 * told to somebody without.
 */
function redirection(location: string | undefined, from: string): string | undefined {
  const host = /^(?:https?:)?(?:\/\/)?([^/?#]+)/.exec(location ?? '')?.[1];
  const to = `${new URL(from).protocol}//${host}`;
  return host && URL.canParse(to) ? new URL(to).origin : undefined;
}
