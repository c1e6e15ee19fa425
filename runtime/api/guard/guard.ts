/**
 * What stands in front of the API: who may come in, from where, and how many at once. Promises that the routes see no request that
 * was refused, and that every write leaves a line in the log.
 */
import { readFileSync } from 'node:fs';
import type { RequestHandler } from 'express';
import type { Note } from '../../core/effect.ts';
import { text } from '../answer.ts';
import { send } from '../send.ts';
import { audit } from './audit.ts';
import { callerOf } from './caller.ts';
import { gate } from './gate.ts';
import { lured } from './origin.ts';
import { certificateName, readTls, type TlsFiles, type TlsMaterial } from './tls.ts';
import { type Holders, readTokens } from './tokens.ts';
import { isWrite, verdict } from './verdict.ts';
import { type Watched, watched } from './watched.ts';

export interface GuardOptions {
  /** Without one, nobody is asked for a token. */
  readonly tokensFile?: string;
  /** Without them, plain HTTP. */
  readonly tls?: TlsFiles;
  /** Names under which browsers reach the page through a proxy: `dcos.example.com`. */
  readonly hosts?: readonly string[];
}

export interface Guard {
  /** To be the first handler of all. */
  readonly handlers: readonly RequestHandler[];
  /** What the port is opened with; calls back with what it becomes. */
  readonly tls?: { readonly material: TlsMaterial; readonly onChange: (use: (material: TlsMaterial) => void) => void };
  close(): void;
}

/** Reads the files now and whenever they change. Throws, saying which line or file is wrong, when they cannot be used now. */
export function openGuard({ tokensFile, tls, hosts = [] }: GuardOptions, note: (note: Note) => void): Guard {
  const told = (what: string) => ({
    changed: () => note({ level: 'info', message: `${what} read again`, keys: {} }),
    failed: (error: Error) =>
      note({
        level: 'error',
        message: `${what} cannot be used, the old ones stay in force`,
        keys: { error: error.message },
      }),
  });
  const holders = tokensFile ? watched([tokensFile], () => holdersIn(tokensFile), told('API tokens')) : undefined;
  const uses: ((material: TlsMaterial) => void)[] = [];
  const { changed, failed } = told('API certificates');
  const material = tls && watched(Object.values(tls), () => readTls(tls), { failed, changed: renewed });
  function renewed(next: TlsMaterial): void {
    for (const use of uses) use(next);
    changed();
  }
  return {
    handlers: [door(holders, tls?.clientCa !== undefined, new Set(hosts), note), gate()],
    ...(material ? { tls: { material: material.current(), onChange: (use) => void uses.push(use) } } : {}),
    close: () => {
      holders?.close();
      material?.close();
    },
  };
}

function holdersIn(file: string): Holders {
  let contents: string;
  try {
    contents = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`API_TOKENS_FILE ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const read = readTokens(contents);
  if (read.ok) return read.holders;
  throw new Error(
    `API_TOKENS_FILE ${file} cannot be used\n${read.mistakes.map((mistake) => `  ${mistake}`).join('\n')}`,
  );
}

function door(
  holders: Watched<Holders> | undefined,
  certificates: boolean,
  hosts: ReadonlySet<string>,
  note: (note: Note) => void,
): RequestHandler {
  const asks = holders !== undefined || certificates;
  return (request, response, next) => {
    // Texts of tasks and operators are served as text: no browser shall take one for a page.
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    const certificate = certificates ? certificateName(request.socket) : undefined;
    const caller = callerOf(request.headers, holders?.current(), certificate);
    if (isWrite(request)) audit(request, response, caller, note);
    const refusal = asks ? verdict(caller, request) : undefined;
    if (refusal) {
      if (refusal.challenge) response.set('WWW-Authenticate', refusal.challenge);
      return send(response, refusal.answer);
    }
    // A token is shown on purpose; all else a browser has with it wherever it goes.
    const lure = isWrite(request) && caller.kind !== 'token' ? lured(request.headers, hosts) : undefined;
    if (lure) return send(response, text(403, `Not done, for ${lure}. Names of the page's own belong into API_HOSTS.`));
    next();
  };
}
