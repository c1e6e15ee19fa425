/** The service of the field's examples behind a guard. Promises the guard that `run` and `dev` put there, and real connections. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type GuardOptions, openGuard } from '../../../../runtime/api/guard/guard.ts';
import type { Note } from '../../../../runtime/core/effect.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from '../hello-world.ts';

/** What the tokens of these tests are; nothing else is known of them. */
export const TOKENS = { alice: 'alice-s3cret', grafana: 'grafana-s3cret' };

/** A line of the file. */
export function entry(name: string, role: string, token: string): string {
  return `${name} ${role} ${createHash('sha256').update(token).digest('hex')}\n`;
}

/** Alice may operate, Grafana may read. */
export const TWO = entry('alice', 'operate', TOKENS.alice) + entry('grafana', 'read', TOKENS.grafana);

export function tokensFile(contents = TWO): string {
  const file = join(temporaryDirectory(), 'tokens');
  writeFileSync(file, contents);
  return file;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Guarded extends Pick<Served, 'stored'> {
  readonly notes: readonly Note[];
  /** The path goes as it is. */
  ask(method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Answered>;
}

/** To be called in a test. */
export async function guarded(options: GuardOptions): Promise<Guarded> {
  const notes: Note[] = [];
  const guard = openGuard(options, (note) => void notes.push(note));
  const service = helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]);
  const { url, stored, close } = await serve(stateOf(service, FRAMEWORK), guard.handlers);
  onTestFinished(async () => {
    guard.close();
    await close();
  });
  return { notes, stored, ask: (...what) => ask(Number(new URL(url).port), ...what) };
}

function ask(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('error', reject)
        .on('data', (piece: string) => {
          text += piece;
        })
        .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject).end(body);
  });
}
