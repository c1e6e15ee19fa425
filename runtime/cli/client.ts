/** Asks a scheduler over HTTP. Promises the body of a good answer, or a `Failure` that says what to look at (http-api 13.4). */
import { STATUS_CODES } from 'node:http';
import { Failure } from './failure.ts';

/** A scheduler that is busy with its store answers late, not never. */
const TIMEOUT_MS = 30_000;

/** Bodies of 404s that name the thing that is missing, with the command that lists those that are not. */
const MISSING = /^(Plan|Phase|Step|Pod) .+ not found$/;
const LISTED_BY: Readonly<Record<string, string>> = {
  Plan: 'mainstay plan list',
  Phase: 'mainstay plan show <plan>',
  Step: 'mainstay plan show <plan>',
  Pod: 'mainstay pod list',
};

const ALREADY = 'Cannot execute command. Command has already been issued or the plan has completed';

export interface Client {
  /** `path` is relative: `v1/plans`. */
  get(path: string): Promise<string>;
  /** With a payload, it is sent as JSON. */
  post(path: string, payload?: unknown): Promise<string>;
}

/** `url` may carry a path, as behind a proxy: `https://cluster/service/data-store`. */
export function createClient(url: string): Client {
  const base = url.replace(/[/#]+$/, '');
  if (!URL.canParse(base) || !/^https?:/.test(base)) {
    throw new Failure(`"${url}" is not the address of a scheduler: give --url or MAINSTAY_URL as http://host:port`);
  }
  return {
    get: (path) => ask(base, 'GET', path),
    post: (path, payload) => ask(base, 'POST', path, payload),
  };
}

async function ask(base: string, method: 'GET' | 'POST', path: string, payload?: unknown): Promise<string> {
  const url = `${base}/${path}`;
  let status: number;
  let body: string;
  try {
    const json =
      payload === undefined ? {} : { body: JSON.stringify(payload), headers: { 'content-type': 'application/json' } };
    const response = await fetch(url, { method, signal: AbortSignal.timeout(TIMEOUT_MS), ...json });
    status = response.status;
    body = await response.text();
  } catch (error) {
    throw new Failure(unreachable(base, error));
  }
  if (method === 'POST' && status === 208) throw new Failure(ALREADY);
  // 417 is how a plan in error is told; its body is a plan like any other.
  if ((status >= 200 && status < 300) || status === 417) return body;
  throw new Failure(refusal(method, url, status, body));
}

function unreachable(base: string, error: unknown): string {
  return [
    `No answer from ${base}: ${causeOf(error)}`,
    '- Does the scheduler run? Right after its start it may not listen yet.',
    '- Is the address right? Give another one with --url or MAINSTAY_URL.',
  ].join('\n');
}

/** fetch hides why it failed in `cause`, which for a host of several addresses is a list without a message. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `nothing within ${TIMEOUT_MS / 1000} seconds`;
  const { cause } = error;
  if (cause instanceof AggregateError) return causeOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : error.message;
}

function refusal(method: string, url: string, status: number, body: string): string {
  const line = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const kind = MISSING.exec(body)?.[1];
  if (status === 404 && kind) return `${body}\n- What there is: ${LISTED_BY[kind]}`;
  if (status === 404 && body.includes('is being uninstalled')) return `${body}\n- How far: mainstay plan show deploy`;
  if (status === 404) {
    return [
      `Got ${line} from ${url}`,
      '- The scheduler may not know the item.',
      '- Is this the address of a scheduler of Mainstay? Give another one with --url or MAINSTAY_URL.',
    ].join('\n');
  }
  const response = body === '' ? [] : [`Response: ${body}`];
  const hint = status >= 500 ? ['- The scheduler may still be starting; its log says more.'] : [];
  return [`HTTP ${method} ${url} failed: ${line}`, ...response, ...hint].join('\n');
}
