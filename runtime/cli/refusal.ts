/**
 * An answer that is none, in words (http-api 13.4). Promises to say what to do next; a name that the scheduler does not know comes
 * with the names that it knows.
 */
import { STATUS_CODES } from 'node:http';
import type { PlanBody } from '../api/bodies/plans.ts';
import { nearest } from '../spec/nearest.ts';
import type { Access } from './access.ts';
import { Failure, Unreachable } from './failure.ts';
import type { Request, Response } from './transport.ts';

export interface Refused {
  readonly access: Access;
  readonly method: Request['method'];
  readonly path: string;
  readonly response: Response;
  /** Asks once more, for what there is. */
  readonly look: (path: string) => Promise<Response>;
}

/** Bodies of 404s that name the thing that is missing. */
const MISSING = /^(Plan|Phase|Step|Pod) (.+) not found$/;

/** Questions that are refused without a word when there is no such thing, with what there is. */
const LISTED = [
  { asked: /^v1\/configurations\/([^/?]+)$/, kind: 'Configuration', all: 'v1/configurations' },
  { asked: /^v1\/state\/properties\/([^/?]+)$/, kind: 'Property', all: 'v1/state/properties' },
];

/** Of a proxy that knows the service and cannot reach its scheduler. */
const GATEWAY = new Set([502, 503, 504]);

export async function refusal(refused: Refused): Promise<Failure> {
  const { access, method, path, response, look } = refused;
  const { status, body } = response;
  const url = `${access.url}/${path}`;
  const line = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const [, kind, name] = MISSING.exec(body) ?? [];
  if (status === 404 && kind !== undefined && name !== undefined) {
    return unknown(`${kind} ${name} not found`, name, await known(kind, path, look));
  }
  // 400: what is no id can be none of a configuration.
  const listed = LISTED.find(({ asked }) => asked.test(path));
  if (listed && body === '' && (status === 404 || status === 400)) {
    const item = decodeURIComponent(listed.asked.exec(path)?.[1] ?? '');
    return unknown(`${listed.kind} ${item} not found`, item, await namesAt(listed.all, look));
  }
  if (status === 404 && body.includes('is being uninstalled')) {
    return new Failure(`${body}\n- How far: mainstay plan show deploy`);
  }
  if (status === 404) return new Failure([`Got ${line} from ${url}:`, ...lostHints(access)].join('\n'));
  if (status === 401) return new Failure(`Got ${line} from ${url}:\n${tokenHint(access)}`);
  const said = body === '' ? [] : [`Response: ${body}`];
  if (access.dcos && (status === 500 || GATEWAY.has(status))) {
    const sentence = `Could not reach the service scheduler with name '${access.dcos.service}':`;
    const hints = ['- It may still be starting.', '- Is the name right? Give another one with --name or --url.'];
    return new Unreachable([sentence, `Got ${line} from ${url}`, ...said, ...hints].join('\n'));
  }
  const hint = status >= 500 ? ['- The scheduler may still be starting; its log says more.'] : [];
  const text = [`HTTP ${method} ${url} failed: ${line}`, ...said, ...hint].join('\n');
  return GATEWAY.has(status) ? new Unreachable(text) : new Failure(text);
}

/** `Plan depoly not found: did you mean deploy?`, and all that there is. */
export function unknown(what: string, name: string, names: readonly string[] | undefined): Failure {
  // Another number is another thing, not a slip of the fingers.
  const letters = (text: string) => text.replaceAll(/\d/g, '');
  const meant = nearest(
    name,
    (names ?? []).filter((other) => letters(other) !== letters(name)),
  );
  const list = names === undefined ? [] : [`- What there is: ${names.join(', ') || 'none'}`];
  return new Failure([`${what}${meant === undefined ? '' : `: did you mean ${meant}?`}`, ...list].join('\n'));
}

async function namesAt(path: string, look: Refused['look']): Promise<string[] | undefined> {
  try {
    return JSON.parse((await look(path)).body) as string[];
  } catch {
    return undefined;
  }
}

/** The names of a kind; undefined when they cannot be had. */
async function known(kind: string, path: string, look: Refused['look']): Promise<string[] | undefined> {
  if (kind === 'Plan' || kind === 'Pod') return namesAt(kind === 'Plan' ? 'v1/plans' : 'v1/pod', look);
  try {
    const [, plan = '', query = ''] = /^v1\/plans\/([^/?]+)[^?]*(?:\?(.*))?$/.exec(path) ?? [];
    const { phases } = JSON.parse((await look(`v1/plans/${plan}`)).body) as PlanBody;
    const phase = new URLSearchParams(query).get('phase');
    if (kind === 'Phase') return phases.map(({ name }) => name);
    return phases
      .filter(({ id, name }) => phase === null || phase === name || phase === id)
      .flatMap(({ steps }) => steps.map(({ name }) => name));
  } catch {
    return undefined;
  }
}

function lostHints({ dcos }: Access): string[] {
  if (!dcos) {
    return [
      '- The scheduler may not know the item.',
      '- Is this the address of a scheduler of Mainstay? Give another one with --url or MAINSTAY_URL.',
    ];
  }
  return [
    `- The scheduler of '${dcos.service}' may not know the item.`,
    `- The cluster may have no service of that name: give another one with --name or --url.`,
  ];
}

function tokenHint({ dcos, authorization }: Access): string {
  if (dcos) return "- Bad auth token? Run 'dcos auth login' to log in";
  return authorization === undefined
    ? '- The scheduler wants a token: give one with --token-file, MAINSTAY_TOKEN or MAINSTAY_TOKEN_FILE.'
    : '- It does not know this token: give another one with --token-file, MAINSTAY_TOKEN or MAINSTAY_TOKEN_FILE.';
}
