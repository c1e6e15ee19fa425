import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beanJson, compactJson } from '../../../runtime/api/json.ts';

test.each([
  ['a text', 'a "b"', '"a \\"b\\""'],
  ['nothing', null, 'null'],
  ['no members', {}, '{}'],
  ['no items', [], '[]'],
  ['one member stays on the line', { message: 'Received cmd: refresh' }, '{"message": "Received cmd: refresh"}'],
  ['one item stays on the line', ['deploy'], '["deploy"]'],
  ['several items get a line each', ['deploy', 'recovery'], '[\n  "deploy",\n  "recovery"\n]'],
  ['an only member does not indent what is in it', { a: { b: [1, 2] } }, '{"a": {"b": [\n  1,\n  2\n]}}'],
  ['an undefined member is left out', { a: undefined, b: 1 }, '{"b": 1}'],
])('compact: %s', (_, value, text) => expect(compactJson(value)).toBe(text));

test.each([
  ['no members', {}, '{ }'],
  ['no items', [], '[ ]'],
  ['items share a line', ['a', 'b'], '[ "a", "b" ]'],
  ['members get a line each', { a: 1, b: null }, '{\n  "a" : 1,\n  "b" : null\n}'],
  ['objects of an array follow each other', [{ a: 1 }, { b: [] }], '[ {\n  "a" : 1\n}, {\n  "b" : [ ]\n} ]'],
  ['an undefined member is left out', { a: undefined, b: 1 }, '{\n  "b" : 1\n}'],
])('bean: %s', (_, value, text) => expect(beanJson(value)).toBe(text));

test('both styles say what JSON says', () =>
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(compactJson(value))).toEqual(plain);
      expect(JSON.parse(beanJson(value))).toEqual(plain);
    }),
  ));
