import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePlacement } from '../../../runtime/spec/placement.ts';
import { mentions, placementText } from '../../../runtime/spec/placement-text.ts';
import type { PlacementField, PlacementRule } from '../../../runtime/spec/service.ts';

const hostname: PlacementField = { kind: 'hostname' };
const attribute = (name: string): PlacementField => ({ kind: 'attribute', name });
const is = (field: PlacementField, text: string): PlacementRule => ({ kind: 'value', field, match: 'exact', text });
const like = (field: PlacementField, text: string): PlacementRule => ({ kind: 'value', field, match: 'regex', text });
const not = (rule: PlacementRule): PlacementRule => ({ kind: 'not', rule });
const maxPer = (field: PlacementField, max: number): PlacementRule => ({ kind: 'max-per', field, max });

/** The rule of a placement that is right; undefined: no constraint. */
function ruleOf(text: string): PlacementRule | undefined {
  const read = parsePlacement(text);
  if (!read.ok) throw new Error(read.reason);
  return read.rule;
}

describe('a placement', () => {
  test.each([
    ['of nothing', '', undefined],
    ['of no rows', '[]', undefined],
    ['as text', 'hostname:UNIQUE', maxPer(hostname, 1)],
    ['as one JSON row', '["hostname", "UNIQUE"]', maxPer(hostname, 1)],
    ['as JSON rows', '[["hostname","MAX_PER","2"]]', maxPer(hostname, 2)],
    ['with a number in JSON', '[["hostname","MAX_PER",2]]', maxPer(hostname, 2)],
    ['with spaces around its fields', ' hostname : MAX_PER : 2 ', maxPer(hostname, 2)],
    ['with an operator in small letters', '@hostname:max_per:2', maxPer(hostname, 2)],
    ['by zone', '@zone:UNIQUE', maxPer({ kind: 'zone' }, 1)],
    ['by region', '@region:MAX_PER:3', maxPer({ kind: 'region' }, 3)],
    ['by attribute', 'rack:UNIQUE', maxPer(attribute('rack'), 1)],
    ['by an attribute that looks like a field of its own', 'zone:UNIQUE', maxPer(attribute('zone'), 1)],
    ['by an attribute with other capitals', 'Hostname:UNIQUE', maxPer(attribute('Hostname'), 1)],
    ['UNIQUE with a parameter that says nothing', 'hostname:UNIQUE:7', maxPer(hostname, 1)],
    ['GROUP_BY', 'rack:GROUP_BY', { kind: 'group-by', field: attribute('rack') }],
    ['GROUP_BY so many values', 'rack:GROUP_BY:3', { kind: 'group-by', field: attribute('rack'), values: 3 }],
    ['IS', 'rack:IS:r1', is(attribute('rack'), 'r1')],
    ['CLUSTER', '@zone:CLUSTER:z1', is({ kind: 'zone' }, 'z1')],
    ['IS_NOT', 'rack:IS_NOT:r1', not(is(attribute('rack'), 'r1'))],
    ['LIKE', 'rack:LIKE:r-[1-3]', like(attribute('rack'), 'r-[1-3]')],
    ['UNLIKE', 'hostname:UNLIKE:.*-old', not(like(hostname, '.*-old'))],
    ['an empty parameter, which is one', 'rack:IS:', is(attribute('rack'), '')],
    ['an escaped comma and colon', String.raw`rack:LIKE:a{1\,2}\:b`, like(attribute('rack'), 'a{1,2}:b')],
    ['a backslash that escapes no separator', String.raw`hostname:LIKE:a\.b\\`, like(hostname, String.raw`a\.b\\`)],
    ['escapes of JSON', String.raw`["hostname","LIKE","a\\.b,\"c\""]`, like(hostname, String.raw`a\.b,"c"`)],
    ['brackets in JSON text', '["hostname","LIKE","[a-c]"]', like(hostname, '[a-c]')],
    [
      'rows of text',
      'hostname:UNIQUE,rack:IS:r1',
      { kind: 'all', rules: [maxPer(hostname, 1), is(attribute('rack'), 'r1')] },
    ],
    [
      'rows of JSON',
      '[["hostname","UNIQUE"],["rack","IS","r1"]]',
      { kind: 'all', rules: [maxPer(hostname, 1), is(attribute('rack'), 'r1')] },
    ],
  ])('%s: %j', (_, text, rule) => {
    expect(ruleOf(text)).toEqual(rule);
  });
});

const OPERATORS = 'UNIQUE, MAX_PER, GROUP_BY, CLUSTER, IS, IS_NOT, LIKE, UNLIKE';
const EMPTY_ROW = 'has an empty row: write [] or nothing where any agent will do';
const NO_JSON = 'begins as JSON but is no row such as ["hostname", "UNIQUE"] and no list of such rows';

describe('a placement is refused, and the place of the mistake is told', () => {
  test.each([
    ['hostname', 'has 1 field in "hostname", needs 2 or 3', 'hostname'],
    ['rack:IS:a:b', 'has 4 fields in "rack:IS:a:b", needs 2 or 3', 'rack:IS:a:b'],
    ['hostname:UNIQUE,', 'has 1 field in "", needs 2 or 3', ''],
    ['["hostname"]', 'has 1 field in "["hostname"]", needs 2 or 3', '["hostname"]'],
    ['[ ]', EMPTY_ROW, '[ ]'],
    ['[[]]', EMPTY_ROW, '[]'],
    ['[["hostname","UNIQUE"],[]]', EMPTY_ROW, '[]'],
    ['  ', 'is blank: write [] or nothing where any agent will do', undefined],
    ['[["hostname","UNIQUE"]', NO_JSON, undefined],
    ['[["hostname","UNIQUE"]] ]', NO_JSON, undefined],
    ['[["hostname",["UNIQUE"]]]', NO_JSON, undefined],
    ['[["hostname",null]]', NO_JSON, undefined],
    ['[["hostname","UNIQUE"],"x"]', NO_JSON, undefined],
    ['hostname:LIK:a.*', `cannot use the operator "LIK" (did you mean LIKE?): it is one of ${OPERATORS}`, 'LIK'],
    ['hostname:NEAR:a', `cannot use the operator "NEAR": it is one of ${OPERATORS}`, 'NEAR'],
    ['["hostname", ""]', `cannot use the operator "": it is one of ${OPERATORS}`, '""'],
    ['hostname:constructor', `cannot use the operator "constructor": it is one of ${OPERATORS}`, 'constructor'],
    [':UNIQUE', 'cannot be by "": no agent attribute has such a name', ''],
    [String.raw`a\:b:UNIQUE`, 'cannot be by "a:b": no agent attribute has such a name', String.raw`a\:b`],
    ['hostname:max_per', 'has MAX_PER without its number', 'max_per'],
    ['hostname:MAX_PER:0', 'needs a whole number from 1 on for MAX_PER, has "0"', '0'],
    ['hostname:MAX_PER:-1', 'needs a whole number from 1 on for MAX_PER, has "-1"', '-1'],
    ['hostname:MAX_PER:1.5', 'needs a whole number from 1 on for MAX_PER, has "1.5"', '1.5'],
    ['["hostname","MAX_PER",2.0]', 'needs a whole number from 1 on for MAX_PER, has "2.0"', '2.0'],
    ['hostname:MAX_PER:2147483648', 'needs a whole number from 1 on for MAX_PER, has "2147483648"', '2147483648'],
    ['rack:GROUP_BY: three ', 'needs a whole number from 1 on for GROUP_BY, has "three"', 'three'],
    ['rack:IS', 'has IS without the value to compare with', 'IS'],
    ['rack:is_not', 'has IS_NOT without the value to compare with', 'is_not'],
    ['rack:LIKE', 'has LIKE without its regular expression', 'LIKE'],
    ['rack:UNLIKE', 'has UNLIKE without its regular expression', 'UNLIKE'],
    ['rack:LIKE:r-[1', 'has the bad pattern "r-[1": missing closing ] at "[1"', '[1'],
    ['rack:LIKE:(', 'has the bad pattern "(": missing closing )', '('],
    ['rack:UNLIKE:a{2\\,1}', 'has the bad pattern "a{2,1}": invalid repeat count at "{2,1}"', 'a{2\\,1}'],
    [String.raw`rack:LIKE:(a)\1`, String.raw`cannot use back-references in a pattern, has "\1"`, String.raw`\1`],
    ['rack:LIKE:(?!old).*', 'cannot use look-around in a pattern, has "(?!"', '(?!'],
    ['rack:LIKE:(?<=a)b', 'cannot use look-around in a pattern, has "(?<=a)b"', '(?<=a)b'],
    ['rack:LIKE:(?>a)b', 'cannot use atomic groups in a pattern, has "(?>"', '(?>'],
    ['rack:LIKE:a++', 'cannot use possessive repetition in a pattern, has "++"', '++'],
    ['rack:IS:r1,hostname:LIKE:a*+', 'cannot use possessive repetition in a pattern, has "*+"', '*+'],
  ])('%s', (text, reason, meant) => {
    const read = parsePlacement(text);
    expect(read).toMatchObject({ ok: false, reason });
    if (!read.ok) expect(read.from === undefined ? undefined : text.slice(read.from, read.to)).toBe(meant);
  });
});

test('a pattern that no person wrote is refused for its length', () => {
  const text = `rack:LIKE:${'a'.repeat(1001)}`;
  const reason = 'has a pattern of more than 1000 characters';
  expect(parsePlacement(text)).toEqual({ ok: false, reason, from: 10, to: 1011 });
});

test('any text is a placement or is refused with a reason within it', () => {
  const words = fc.constantFrom('hostname', 'UNIQUE', 'MAX_PER', 'LIKE', ':', ',', '[', ']', '"', '\\', '(a', ' ', '2');
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 12 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (text) => {
      const read = parsePlacement(text);
      if (read.ok) return;
      const { reason, from = 0, to = 0 } = read;
      expect(reason).not.toBe('');
      expect(from <= to && to <= text.length).toBe(true);
    }),
  );
});

/** Names that agents may have: no colon, and none of the fields that are no attributes. */
const attributeName = fc
  .oneof(fc.string({ minLength: 1 }), fc.constantFrom('rack', 'a,b', ' x', 'x ', '[r', 'a\\', '"'))
  .filter((name) => !name.includes(':') && !['hostname', '@hostname', '@zone', '@region'].includes(name));
const field: fc.Arbitrary<PlacementField> = fc.oneof(
  fc.constantFrom<PlacementField>({ kind: 'hostname' }, { kind: 'zone' }, { kind: 'region' }),
  attributeName.map(attribute),
);
const word = fc.oneof(fc.string(), fc.constantFrom('a:b', 'a\\', '\\,', ' a', '[1]', '"', '1,2'));
const pattern = fc.constantFrom('', '.*', 'r-[1-3]', 'a{1,2}', 'x:y', String.raw`\.`, ' a', String.raw`a\\`);
const number = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const value = fc.oneof(
  fc.tuple(field, word).map(([field, text]) => is(field, text)),
  fc.tuple(field, pattern).map(([field, text]) => like(field, text)),
);
const row: fc.Arbitrary<PlacementRule> = fc.oneof(
  fc.tuple(field, number).map(([field, max]) => maxPer(field, max)),
  field.map((field): PlacementRule => ({ kind: 'group-by', field })),
  fc.tuple(field, number).map(([field, values]): PlacementRule => ({ kind: 'group-by', field, values })),
  value,
  value.map(not),
);
const written = fc.oneof(
  row,
  fc.array(row, { minLength: 2, maxLength: 4 }).map((rules): PlacementRule => ({ kind: 'all', rules })),
);

test('what the grammar can say is printed so that it reads back as it was', () => {
  fc.assert(
    fc.property(written, (rule) => {
      expect(ruleOf(placementText(rule))).toEqual(rule);
    }),
  );
});

test.each([
  ['["hostname", "max_per", "2"]', 'hostname:MAX_PER:2'],
  ['[["@zone","GROUP_BY","3"],["rack","CLUSTER","a,b"]]', String.raw`@zone:GROUP_BY:3,rack:IS:a\,b`],
  ['hostname:MAX_PER:1', 'hostname:UNIQUE'],
  ['["rack", "LIKE", " a"]', '[["rack","LIKE"," a"]]'],
])('%s is printed as %s', (text, printed) => {
  const rule = ruleOf(text);
  expect(rule && placementText(rule)).toBe(printed);
});

test('rules that only stored configurations have are printed in words', () => {
  const [hosts, rack] = [maxPer(hostname, 1), is(attribute('rack'), 'r1')];
  const rule: PlacementRule = {
    kind: 'any',
    rules: [{ kind: 'local-region' }, not({ kind: 'all', rules: [hosts, rack] })],
  };
  expect(placementText(rule)).toBe('(local-region) or (not (hostname:UNIQUE,rack:IS:r1))');
  expect(placementText({ kind: 'all', rules: [] })).toBe('nothing');
});

test.each([
  ['@zone:GROUP_BY:3', true, false],
  ['hostname:UNIQUE,@region:IS_NOT:west', false, true],
  ['zone:UNIQUE', false, false],
])('%s mentions the zone: %s, the region: %s', (text, zone, region) => {
  const rule = ruleOf(text);
  expect(rule && [mentions(rule, 'zone'), mentions(rule, 'region')]).toEqual([zone, region]);
});

test('the local region, which nobody wrote, is no mention of regions', () => {
  const rule: PlacementRule = { kind: 'any', rules: [{ kind: 'local-region' }, maxPer(hostname, 1)] };
  expect(mentions(rule, 'region')).toBe(false);
});
