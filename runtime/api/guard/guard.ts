/**
 * What stands in front of the API: who may come in, from where, and how many at once. Promises that the routes see no request that
 * was refused, and that every write leaves a line in the log.
 */
import type { RequestHandler } from 'express';
import type { Note } from '../../core/effect.ts';
import { door } from './door.ts';
import { ends } from './ends.ts';
import { gate } from './gate.ts';
import { type TlsFiles, type TlsMaterial, tlsMaterial } from './tls.ts';
import { type Holders, readTokens } from './tokens.ts';
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
  /** To be the first handlers of all. */
  readonly handlers: readonly RequestHandler[];
  /** What the port is opened with. */
  readonly tls?: Watched<TlsMaterial>;
  close(): void;
}

/** Reads the files now and whenever they change. Throws, saying which line or file is wrong, when they cannot be used now. */
export function openGuard({ tokensFile, tls: files, hosts = [] }: GuardOptions, note: (note: Note) => void): Guard {
  const holders = tokensFile ? watchedTokens(tokensFile, note) : undefined;
  const tls = files ? watchedTls(files, note) : undefined;
  const policy = {
    ...(holders ? { holders } : {}),
    certificates: files?.clientCa !== undefined,
    hosts: new Set(hosts),
  };
  return {
    handlers: [ends(), door(policy, note), gate()],
    ...(tls ? { tls } : {}),
    close: () => {
      holders?.close();
      tls?.close();
    },
  };
}

function watchedTokens(file: string, note: (note: Note) => void): Watched<Holders> {
  const parse = ([text = '']: readonly string[]) => {
    const read = readTokens(text);
    if (read.ok) return read.holders;
    throw new Error(
      `API_TOKENS_FILE ${file} cannot be used:${read.mistakes.map((mistake) => `\n  ${mistake}`).join('')}`,
    );
  };
  return watched('tokens of the API', [{ variable: 'API_TOKENS_FILE', file }], parse, note);
}

function watchedTls({ cert, key, clientCa }: TlsFiles, note: (note: Note) => void): Watched<TlsMaterial> {
  const sources = [
    { variable: 'API_TLS_CERT_FILE', file: cert },
    { variable: 'API_TLS_KEY_FILE', file: key },
    ...(clientCa ? [{ variable: 'API_TLS_CLIENT_CA_FILE', file: clientCa }] : []),
  ];
  return watched('certificates of the API', sources, tlsMaterial, note);
}
