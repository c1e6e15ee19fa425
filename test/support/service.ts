/** A scheduler as its operator sees it: over HTTP. Promises to read and to press buttons, never to look inside. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { dataStore } from './data-store.ts';
import { eventually } from './eventually.ts';
import { type Program, root, type Workplace } from './workplace.ts';

export const helloWorld = join(root, 'frameworks/hello-world');

export interface RunOptions {
  readonly master: string;
  readonly port: number;
  /** A folder or an svc.yml; `frameworks/data-store` unless told otherwise. */
  readonly definition?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface PlanBody {
  readonly status: string;
  readonly errors: readonly string[];
  readonly phases: readonly {
    readonly name: string;
    readonly status: string;
    readonly steps: readonly { readonly name: string; readonly status: string }[];
  }[];
}

/** `mainstay run` with its store below the workplace, the same one at every start unless `more` names another. */
export function run(place: Workplace, options: RunOptions, more: readonly string[] = []): Program {
  const { master, port, definition = dataStore, env = {} } = options;
  const store = `file:${join(place.directory, 'store')}`;
  return place.mainstay(
    ['run', definition, '--master', master, '--store', store, '--port', String(port), ...more],
    env,
  );
}

/** The plan as the API of this port tells it; `code` is the HTTP status. Rejects while nothing listens. */
export async function plan(port: number, name: string): Promise<PlanBody & { readonly code: number }> {
  const response = await get(port, `v1/plans/${name}`);
  return { code: response.status, ...((await response.json()) as PlanBody) };
}

/** Waits until a plan has a status. */
export function planIs(port: number, name: string, status: string, ms?: number): Promise<void> {
  return eventually(async () => expect((await plan(port, name)).status).toBe(status), ms);
}

/** Everything that the service wanted is there and runs. */
export async function deployed(port: number, ms?: number): Promise<void> {
  await planIs(port, 'deploy', 'COMPLETE', ms);
}

export function get(port: number, path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/${path}`, { signal: AbortSignal.timeout(5000) });
}

/** A line of the scheduler's log. */
export interface LogLine {
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** What a `run` has logged so far; its last line may still be on its way. */
export function logOf(program: Program): LogLine[] {
  const lines = program.stderr().split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
}

/** Waits until the scheduler has logged this message. */
export function logs(program: Program, message: string, ms?: number): Promise<void> {
  return eventually(() => expect(logOf(program).map(({ msg }) => msg)).toContain(message), ms);
}
