/**
 * The file of tokens (API_TOKENS_FILE): a name, a role and a digest a line. Promises to say what is wrong line by line, and that
 * neither a token nor a digest is ever part of a message.
 */

import { createHash, timingSafeEqual } from 'node:crypto';

/** `read` may look, `operate` may also change things. */
export type Role = 'read' | 'operate';

export interface Holder {
  readonly name: string;
  readonly role: Role;
}

/** Who holds a token. How long it takes does not tell how close a wrong one came. */
export type Holders = (token: string) => Holder | undefined;

export type TokensRead = { ok: true; holders: Holders } | { ok: false; mistakes: readonly string[] };

interface Entry extends Holder {
  readonly line: number;
  readonly digest: string;
}

const FORM = 'write: <name> read|operate <SHA-256 of the token in hex>';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const DIGEST = /^[0-9a-f]{64}$/i;

/** Blank lines and those that begin with `#` count for nothing. */
export function readTokens(text: string): TokensRead {
  const lines = text.split(/\r?\n/).map((line, at) => ({ words: line.trim().split(/\s+/), line: at + 1 }));
  const parsed = lines.filter(({ words: [first = ''] }) => first !== '' && !first.startsWith('#')).map(entryOf);
  const entries = parsed.filter((entry): entry is Entry => typeof entry !== 'string');
  const mistakes = [...parsed.filter((entry) => typeof entry === 'string'), ...repeated(entries)];
  if (mistakes.length > 0) return { ok: false, mistakes };
  if (entries.length === 0) return { ok: false, mistakes: [`it names nobody, so that nobody could come in: ${FORM}`] };
  return { ok: true, holders: holdersOf(entries) };
}

/** A word that is not understood may be the token itself: it is not repeated. */
function entryOf({ words, line }: { words: readonly string[]; line: number }): Entry | string {
  const [name = '', role = '', digest = ''] = words;
  if (words.length !== 3)
    return `line ${line} has ${words.length === 1 ? 'one word' : `${words.length} words`}: ${FORM}`;
  if (!NAME.test(name)) return `line ${line}: a name is of letters, digits and . _ @ -, at most 64`;
  if (role !== 'read' && role !== 'operate') return `line ${line}: the role of ${name} is neither read nor operate`;
  if (DIGEST.test(digest)) return { line, name, role, digest: digest.toLowerCase() };
  return `line ${line}: the digest of ${name} is not of 64 hex digits: make it with printf %s "$TOKEN" | sha256sum`;
}

function repeated(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ line, name, digest }, at) => {
    const before = entries.slice(0, at);
    const sameName = before.find((other) => other.name === name);
    const sameToken = before.find((other) => other.digest === digest);
    if (sameName) return [`line ${line}: ${name} is on line ${sameName.line} already: give each token its own name`];
    return sameToken ? [`line ${line}: the token of ${name} is that of ${sameToken.name}: give each its own`] : [];
  });
}

/** Digests are compared instead of tokens, whole, and all of them: neither length nor place of a match is to be measured. */
function holdersOf(entries: readonly Entry[]): Holders {
  const known = entries.map(({ name, role, digest }) => ({
    holder: { name, role },
    digest: Buffer.from(digest, 'hex'),
  }));
  return (token) => {
    const digest = createHash('sha256').update(token).digest();
    return known.filter((entry) => timingSafeEqual(entry.digest, digest)).at(0)?.holder;
  };
}
