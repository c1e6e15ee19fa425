/** Asks a scheduler over HTTP. Promises the body of a good answer, or a `Failure` that says what to look at (http-api 13.4). */
import type { Access } from './access.ts';
import { Failure } from './failure.ts';
import { refusal } from './refusal.ts';
import { type Request, type Response, send } from './transport.ts';

const ALREADY = 'Cannot execute command. Command has already been issued or the plan has completed';

export interface Client {
  readonly access: Access;
  /** `path` is relative: `v1/plans`. */
  get(path: string): Promise<string>;
  /** With a payload, it is sent as JSON. */
  post(path: string, payload?: unknown): Promise<string>;
  put(path: string): Promise<string>;
  /** The answer as it is, whatever its code. */
  look(path: string): Promise<Response>;
}

/** `told` is shown what goes over the wire. */
export function createClient(access: Access, told: (text: string) => void = () => {}): Client {
  const ask = async (method: Request['method'], path: string, payload?: unknown): Promise<Response> => {
    const url = `${access.url}/${path}`;
    told(`> ${method} ${url}${payload === undefined ? '' : ` ${JSON.stringify(payload)}`}`);
    const json =
      payload === undefined ? {} : { body: JSON.stringify(payload), headers: { 'content-type': 'application/json' } };
    const response = await send(access, { method, url, ...json });
    told(`< ${response.status} ${response.body}`);
    return response;
  };
  const look = (path: string) => ask('GET', path);
  const good = async (method: Request['method'], path: string, payload?: unknown): Promise<string> => {
    const response = await ask(method, path, payload);
    const { status, body } = response;
    if (method === 'POST' && status === 208) throw new Failure(ALREADY);
    // 417 is how a plan in error is told; its body is a plan like any other.
    if ((status >= 200 && status < 300) || status === 417) return body;
    throw await refusal({ access, method, path, response, look });
  };
  return {
    access,
    get: (path) => good('GET', path),
    post: (path, payload) => good('POST', path, payload),
    put: (path) => good('PUT', path),
    look,
  };
}
