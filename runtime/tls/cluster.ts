/**
 * Questions to the services of a DC/OS cluster, asked with the token of the service account. Promises a sentence for whatever goes
 * wrong, which names the question and holds no secret.
 */
import type { Client } from 'undici';
import type { Authentication } from '../mesos/authentication.ts';
import { askAs, clientOf, messageOf, textOf } from '../mesos/http.ts';

/** A cluster whose services let the account in. */
export interface Cluster {
  /** `https://master.mesos` */
  readonly services: string;
  readonly authentication: Authentication;
  /** PEM of the only authorities to trust; absent: those of Node.js. */
  readonly ca?: string;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** The codes of the answers that were hoped for. */
  readonly accepted: readonly number[];
}

/** Asks one question after the other; resolves with the answer's code and its text. */
export type Ask = (question: Question) => Promise<{ readonly code: number; readonly text: string }>;

/** For one answer, and for a whole talk. */
const ANSWER_MS = 10_000;
const TALK_MS = 60_000;

/** A connection for as long as `talk` lasts. */
export async function talkTo<T>(cluster: Cluster, talk: (ask: Ask) => Promise<T>): Promise<T> {
  const { services, ca } = cluster;
  const line = { timeoutMs: ANSWER_MS, ended: AbortSignal.timeout(TALK_MS), ...(ca ? { ca } : {}) };
  const client = clientOf(services, ANSWER_MS, line);
  try {
    return await talk((question) => askOne(cluster, client, question));
  } finally {
    void client.destroy();
  }
}

async function askOne({ services, authentication }: Cluster, client: Client, question: Question) {
  const { method, path, body, accepted } = question;
  try {
    const answer = await askAs({ principal: '', authentication }, client, {
      path,
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!accepted.includes(answer.statusCode)) throw new Error(`answered ${await textOf(answer)}`);
    return { code: answer.statusCode, text: await answer.body.text() };
  } catch (error) {
    throw new Error(`${method} ${services}${path}: ${messageOf(error)}`);
  }
}
