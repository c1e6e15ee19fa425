import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeRecord, recordDecoder } from '../../../runtime/mesos/recordio.ts';

const record = () => fc.uint8Array({ minLength: 1, maxLength: 300 });

function decodeAll(chunks: Iterable<Uint8Array>, maxBytes?: number): string[] {
  const decoder = recordDecoder(maxBytes);
  const records: string[] = [];
  for (const chunk of chunks) for (const bytes of decoder.push(chunk)) records.push(Buffer.from(bytes).toString('hex'));
  return records;
}

function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const end = at + (sizes[i % sizes.length] ?? bytes.length);
    yield bytes.subarray(at, end);
    at = end;
  }
}

test('the records are the same however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(record()), fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (records, sizes) => {
      const bytes = Buffer.concat(records.map(encodeRecord));
      expect(decodeAll(cut(bytes, sizes))).toEqual(records.map((one) => Buffer.from(one).toString('hex')));
    }),
  );
});

test('a stream cut once, at every position, is inside a record exactly when it is not at the end of one', () => {
  const records = ['a', 'bc'.repeat(60), '3\n'].map((text) => Buffer.from(text));
  const bytes = Buffer.concat(records.map(encodeRecord));
  const ends = [0, 3, 127, 131];
  for (let at = 0; at <= bytes.length; at += 1) {
    const decoder = recordDecoder();
    const first = [...decoder.push(bytes.subarray(0, at))];
    expect([at, decoder.isInsideRecord()]).toEqual([at, !ends.includes(at)]);
    expect([...first, ...decoder.push(bytes.subarray(at))].map(String)).toEqual(records.map(String));
  }
});

test('empty lines before a length are skipped', () => {
  expect(decodeAll([Buffer.from('\n\n1\na\n2\nbc')])).toEqual(['61', '6263']);
});

describe('what is no RecordIO is refused with what was found', () => {
  test.each([
    ['a page of a web server', '<html>hello', 'expected the length of a record, found "<html>hello"'],
    ['JSON without framing', '{"type":"HEARTBEAT"}', 'found "{\\"type\\"'],
    ['a negative length', '-5\nhello', 'found "-5\\nhello"'],
    ['a length of zero', '0\nhello', 'found "0\\nhello"'],
    ['a blank before the length', ' 5\nhello', 'found " 5'],
    ['a line that never ends', '0'.repeat(1000), 'expected the length of a record'],
    ['a record above the limit', '101\n', 'a record of 101 bytes is longer than the 100 allowed'],
    ['a length above all integers', '99999999999999999999\n', 'longer than the 100 allowed'],
  ])('%s', (_, text, message) => {
    expect(() => decodeAll([Buffer.from(text)], 100)).toThrow(message);
    expect(() => decodeAll(cut(Buffer.from(text), [1]), 100)).toThrow(/expected the length|longer than/);
  });

  test('the records before it still arrive', () => {
    const decoder = recordDecoder();
    const records = decoder.push(Buffer.from('1\naoops'));
    expect(String(records.next().value)).toBe('a');
    expect(() => records.next()).toThrow('found "oops"');
  });
});

test('a record of exactly the limit passes', () => {
  expect(decodeAll([encodeRecord(Buffer.alloc(100))], 100)).toHaveLength(1);
});
