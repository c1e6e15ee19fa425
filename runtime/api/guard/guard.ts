/**
 * What stands in front of the API: who may come in, from where, and how many at once. Promises that the routes see no request that
 * was refused, and that every write leaves a line in the log.
 */
import type { RequestHandler } from 'express';
import type { Note } from '../../core/effect.ts';
import { door } from './door.ts';
import { gate } from './gate.ts';
import { readTls, type TlsFiles, type TlsMaterial } from './tls.ts';
import { readTokensFile } from './tokens.ts';
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
  const holders = tokensFile
    ? watched('tokens of the API', [tokensFile], () => readTokensFile(tokensFile), note)
    : undefined;
  const tls = files ? watched('certificates of the API', Object.values(files), () => readTls(files), note) : undefined;
  const policy = {
    ...(holders ? { holders } : {}),
    certificates: files?.clientCa !== undefined,
    hosts: new Set(hosts),
  };
  return {
    handlers: [door(policy, note), gate()],
    ...(tls ? { tls } : {}),
    close: () => {
      holders?.close();
      tls?.close();
    },
  };
}
