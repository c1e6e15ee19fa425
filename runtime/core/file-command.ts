/** Small files that operators leave with a service. Promises names that every store can hold. */
import type { Reply } from './command.ts';
import { type Draft, note, putProperty } from './draft.ts';
import type { Service } from './state.ts';

export type FileCommand = { kind: 'file-put'; service: string; name: string; content: string };

/** Upstream's: files are properties (scheduler-behaviour 7.1). */
export const FILE_PREFIX = 'file-';

/** In bytes. */
export const LONGEST_FILE = 1024;

/** A name is one node of the store: of characters that ZooKeeper takes, without a slash, and not endless. */
const NAME = /^[^/\p{Cc}\ud800-\uf8ff\ufff0-\uffff\u{10000}-\u{10ffff}]{1,255}$/u;

export function runFileCommand(draft: Draft, service: Service, { kind, name, content }: FileCommand): Reply {
  if (!NAME.test(name))
    return { kind: 'bad-request', message: 'The name of a file has at most 255 characters and no /' };
  putProperty(draft, service, FILE_PREFIX + name, content);
  note(draft, kind, { file: name });
  return { kind: 'done' };
}
