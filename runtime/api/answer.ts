/** What the API says: a status, a type, a body. Promises data only; `app.ts` puts it on the wire. */
import { beanJson, compactJson } from './json.ts';

export interface Answer {
  readonly status: number;
  /** Absent: there is no body. */
  readonly type?: 'application/json' | 'text/plain';
  readonly body: string | Buffer;
}

/** JSON in the style of most endpoints. */
export function compact(value: unknown, status = 200): Answer {
  return { status, type: 'application/json', body: compactJson(value) };
}

/** JSON in the style of plans, pod info and configurations. */
export function bean(value: unknown, status = 200): Answer {
  return { status, type: 'application/json', body: beanJson(value) };
}

export function text(status: number, body: string): Answer {
  return { status, type: 'text/plain', body };
}

/** `Pod data-9 not found` */
export function notFound(what: string): Answer {
  return text(404, `${what} not found`);
}

export function empty(status: number): Answer {
  return { status, body: '' };
}
