import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTokens } from '../../../../runtime/api/guard/tokens.ts';
import { entry, TOKENS, TWO } from './guarded.ts';

const DIGEST = 'ab'.repeat(32);

test.each([
  ['alice operate', 'line 1 has 2 words: write: <name> read|operate <SHA-256 of the token in hex>'],
  ['s3cr3t-t0ken', 'line 1 has one word: write: <name> read|operate <SHA-256 of the token in hex>'],
  [`# who\n\nal:ice read ${DIGEST}`, 'line 3: a name is of letters, digits and . _ @ -, at most 64'],
  [`alice admin ${DIGEST}`, 'line 1: the role of alice is neither read nor operate'],
  [
    'alice read s3cr3t-t0ken',
    'line 1: the digest of alice is not of 64 hex digits: make it with printf %s "$TOKEN" | sha256sum',
  ],
  [
    `alice read ${DIGEST}\nalice operate ${DIGEST.replaceAll('a', 'c')}`,
    'line 2: alice is on line 1 already: give each token its own name',
  ],
  [`alice read ${DIGEST}\nbob operate ${DIGEST}`, 'line 2: the token of bob is that of alice: give each its own'],
  [
    '# nobody\n',
    'it names nobody, so that nobody could come in: write: <name> read|operate <SHA-256 of the token in hex>',
  ],
])('%j is refused with its line and the way out', (text, mistake) => {
  expect(readTokens(text)).toEqual({ ok: false, mistakes: [mistake] });
});

test('every mistake is told at once', () => {
  const read = readTokens(`alice admin ${DIGEST}\nbob\n`);
  expect(read.ok ? [] : read.mistakes).toHaveLength(2);
});

test('blanks, comments, carriage returns and capital digits are no mistakes', () => {
  const read = readTokens(
    `\uFEFF# who may\r\n\r\n  ${entry('alice', 'operate', TOKENS.alice).toUpperCase().replace('ALICE OPERATE', 'alice\toperate')}\r\n`,
  );
  expect(read.ok && read.holders(TOKENS.alice)).toEqual({ name: 'alice', role: 'operate' });
});

test('what is not exactly a token is nobody’s', () => {
  const read = readTokens(TWO);
  if (!read.ok) throw new Error(read.mistakes.join());
  const near = fc.constantFrom(...Object.values(TOKENS)).chain((token) =>
    fc.oneof(
      fc.nat(token.length - 1).map((at) => token.slice(0, at)),
      fc.string({ minLength: 1 }).map((more) => token + more),
      fc.constant(token.toUpperCase()),
    ),
  );
  const isNobodys = (token: string) => {
    expect(read.holders(token)).toBeUndefined();
  };
  fc.assert(fc.property(fc.oneof(near, fc.string()), isNobodys));
});

test('no message repeats what stands where a token might', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);
  fc.assert(
    fc.property(word, fc.constantFrom('read ', ''), (secret, role) => {
      const read = readTokens(`alice ${role}${secret}`);
      expect(JSON.stringify(read)).not.toContain(secret);
    }),
  );
});
