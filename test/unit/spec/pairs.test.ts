import { expect, test } from 'vitest';
import { driverOptionsIn, labelsIn } from '../../../runtime/spec/pairs.ts';

test.each<[string, Record<string, string> | string]>([
  ['', {}],
  ['a:b', { a: 'b' }],
  ['a:b,c:d', { a: 'b', c: 'd' }],
  ['a:b, c: d', { a: 'b', ' c': ' d' }],
  ['a:b:c', { a: 'b:c' }],
  ['a:', { a: '' }],
  ['a:1,,', { a: '1' }],
  ['a:1,,b:2', 'form of ""'],
  [',a:1', 'form of ""'],
  ['   ', 'form of "   "'],
  ['a', 'form of "a"'],
  [':b', 'form of ":b"'],
  ['a:1,a:2', 'repeated of "a"'],
])('labels %j', (text, expected) => {
  const read = labelsIn(text);
  expect(read.ok ? read.pairs : `${read.kind} of ${JSON.stringify(read.entry)}`).toEqual(expected);
});

test.each<[string, Record<string, string> | string]>([
  ['', {}],
  ['size=10;shared=true;', { size: '10', shared: 'true' }],
  ['size=a:b', { size: 'a:b' }],
  ['size', 'form of "size"'],
  ['size=', 'form of "size="'],
  ['a=b=c', 'form of "a=b=c"'],
  ['a=1;a=2', 'repeated of "a"'],
])('driver options %j', (text, expected) => {
  const read = driverOptionsIn(text);
  expect(read.ok ? read.pairs : `${read.kind} of ${JSON.stringify(read.entry)}`).toEqual(expected);
});

test('a key of the prototype is a key', () => {
  const read = labelsIn('__proto__:x');
  expect(read.ok && Object.entries(read.pairs)).toEqual([['__proto__', 'x']]);
});
