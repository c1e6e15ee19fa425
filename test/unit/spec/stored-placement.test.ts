import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePlacement } from '../../../runtime/spec/placement.ts';
import type { PlacementField, PlacementRule } from '../../../runtime/spec/service.ts';
import { placementFrom, type StoredRule, storedPlacement } from '../../../runtime/spec/stored/placement.ts';

const filter = { '@type': 'RegexMatcher', pattern: 'data-.*' };
const regex = (pattern: string) => ({ '@type': 'RegexMatcher', pattern });

/** The rule of a placement that an author writes. */
function written(text: string): PlacementRule {
  const read = parsePlacement(text);
  if (!read.ok || !read.rule) throw new Error(`no rule: ${text}`);
  return read.rule;
}

describe('a constraint is stored in the classes that operators know, and read from them', () => {
  const rackExists = { '@type': 'AttributeRule', matcher: regex('rack:.*') };

  test.each<[string, StoredRule]>([
    ['hostname:UNIQUE', { '@type': 'MaxPerHostnameRule', max: 1, 'task-filter': filter }],
    ['@zone:MAX_PER:2', { '@type': 'MaxPerZoneRule', max: 2, 'task-filter': filter }],
    ['@region:UNIQUE', { '@type': 'MaxPerRegionRule', max: 1, 'task-filter': filter }],
    [
      'rack:MAX_PER:2',
      {
        '@type': 'AndRule',
        rules: [
          rackExists,
          { '@type': 'MaxPerAttributeRule', max: 2, matcher: regex('rack:.*'), 'task-filter': filter },
        ],
      },
    ],
    ['hostname:GROUP_BY', { '@type': 'RoundRobinByHostnameRule', 'agent-count': null, 'task-filter': filter }],
    ['@zone:GROUP_BY:3', { '@type': 'RoundRobinByZoneRule', 'zone-count': 3, 'task-filter': filter }],
    ['@region:GROUP_BY:2', { '@type': 'RoundRobinByRegionRule', 'region-count': 2, 'task-filter': filter }],
    [
      'rack:GROUP_BY:4',
      { '@type': 'RoundRobinByAttributeRule', name: 'rack', 'value-count': 4, 'task-filter': filter },
    ],
    ['hostname:IS:a', { '@type': 'HostnameRule', matcher: { '@type': 'ExactMatcher', string: 'a' } }],
    ['@zone:IS_NOT:a', { '@type': 'ZoneRule', matcher: { '@type': 'InvertedExactMatcher', string: 'a' } }],
    ['rack:IS:r1', { '@type': 'AttributeRule', matcher: { '@type': 'ExactMatcher', string: 'rack:r1' } }],
    ['rack:IS_NOT:r1', { '@type': 'AttributeRule', matcher: { '@type': 'InvertedExactMatcher', string: 'rack:r1' } }],
    ['@region:LIKE:us-.*', { '@type': 'RegionRule', matcher: regex('us-.*') }],
    ['rack:LIKE:r[12]', { '@type': 'AttributeRule', matcher: regex('rack:r[12]') }],
    ['rack:UNLIKE:r[12]', { '@type': 'NotRule', rule: { '@type': 'AttributeRule', matcher: regex('rack:r[12]') } }],
    [
      'rack:LIKE:.*,rack:IS:a',
      {
        '@type': 'AndRule',
        rules: [rackExists, { '@type': 'AttributeRule', matcher: { '@type': 'ExactMatcher', string: 'rack:a' } }],
      },
    ],
  ])('%s', (text, stored) => {
    expect(storedPlacement(written(text), 'data')).toStrictEqual(stored);
    expect(placementFrom(stored, 'data')).toStrictEqual(written(text));
  });
});

const field: fc.Arbitrary<PlacementField> = fc.oneof(
  fc.constantFrom<PlacementField>({ kind: 'hostname' }, { kind: 'zone' }, { kind: 'region' }),
  fc
    .string({ minLength: 1 })
    .filter((name) => !name.includes(':'))
    .map((name): PlacementField => ({ kind: 'attribute', name })),
);
const number = fc.integer({ min: 1, max: 1000 });
const pattern = fc.constantFrom('', '.*', 'r-[1-3]', 'a{1,2}', 'x:y');
const leaf: fc.Arbitrary<PlacementRule> = fc.oneof(
  fc.tuple(field, number).map(([field, max]): PlacementRule => ({ kind: 'max-per', field, max })),
  field.map((field): PlacementRule => ({ kind: 'group-by', field })),
  fc.tuple(field, number).map(([field, values]): PlacementRule => ({ kind: 'group-by', field, values })),
  fc.tuple(field, fc.string()).map(([field, text]): PlacementRule => ({ kind: 'value', field, match: 'exact', text })),
  fc.tuple(field, pattern).map(([field, text]): PlacementRule => ({ kind: 'value', field, match: 'regex', text })),
  fc.constant<PlacementRule>({ kind: 'local-region' }),
);
const { rule } = fc.letrec<{ rule: PlacementRule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    leaf,
    tie('rule').map((rule): PlacementRule => ({ kind: 'not', rule })),
    fc
      .tuple(fc.constantFrom('all', 'any'), fc.array(tie('rule'), { maxLength: 3 }))
      .map(([kind, rules]): PlacementRule => ({ kind, rules })),
  ),
}));

test('every rule reads back as it was stored', () => {
  fc.assert(
    fc.property(rule, (rule) => {
      const stored: StoredRule = JSON.parse(JSON.stringify(storedPlacement(rule, 'data')));
      expect(placementFrom(stored, 'data')).toStrictEqual(rule);
    }),
  );
});

describe('what upstream has stored is read:', () => {
  const unique = { '@type': 'MaxPerHostnameRule', max: 1, 'task-filter': filter };
  const counted = { '@type': 'MaxPerAttributeRule', max: 1, matcher: regex('rack:.*'), 'task-filter': filter };
  const passes = { '@type': 'PassthroughRule' };

  test.each<[string, StoredRule, PlacementRule | undefined]>([
    ['no constraint', passes, undefined],
    [
      'all of a constraint and none',
      { '@type': 'AndRule', rules: [passes, unique] },
      { kind: 'all', rules: [written('hostname:UNIQUE')] },
    ],
    ['all of no constraints', { '@type': 'AndRule', rules: [passes] }, undefined],
    ['all of no rules, which never holds', { '@type': 'AndRule', rules: [] }, { kind: 'all', rules: [] }],
    ['any of a constraint and none', { '@type': 'OrRule', rules: [passes, unique] }, undefined],
    [
      'one attribute that is there and another that is counted',
      { '@type': 'AndRule', rules: [{ '@type': 'AttributeRule', matcher: regex('disk:.*') }, counted] },
      { kind: 'all', rules: [written('disk:LIKE:.*'), written('rack:UNIQUE')] },
    ],
    [
      'a counted attribute and a third rule',
      { '@type': 'AndRule', rules: [{ '@type': 'AttributeRule', matcher: regex('rack:.*') }, counted, unique] },
      { kind: 'all', rules: [written('rack:LIKE:.*'), written('rack:UNIQUE'), written('hostname:UNIQUE')] },
    ],
    ['not', { '@type': 'NotRule', rule: unique }, { kind: 'not', rule: written('hostname:UNIQUE') }],
    [
      'round robin over no number',
      { '@type': 'RoundRobinByHostnameRule', 'agent-count': 0, 'task-filter': filter },
      written('hostname:GROUP_BY'),
    ],
    ['a counted attribute by itself', counted, written('rack:UNIQUE')],
  ])('%s', (_, stored, rule) => {
    expect(placementFrom(stored, 'data')).toStrictEqual(rule);
  });
});

describe("what only upstream's code can say is refused, never taken for something else:", () => {
  test.each<[string, StoredRule]>([
    ['TaskTypeRule', { '@type': 'TaskTypeRule' }],
    ['AgentRule', { '@type': 'AgentRule' }],
    ['InvalidPlacementRule', { '@type': 'InvalidPlacementRule' }],
    ['NotRule', { '@type': 'NotRule', rule: { '@type': 'PassthroughRule' } }],
    ['MaxPerHostnameRule of 0', { '@type': 'MaxPerHostnameRule', max: 0, 'task-filter': filter }],
    [
      'MaxPerHostnameRule that counts other tasks',
      { '@type': 'MaxPerHostnameRule', max: 1, 'task-filter': regex('.*') },
    ],
    [
      'MaxPerZoneRule that counts other tasks',
      { '@type': 'MaxPerZoneRule', max: 1, 'task-filter': { '@type': 'AnyMatcher' } },
    ],
    ['RoundRobinByZoneRule that counts other tasks', { '@type': 'RoundRobinByZoneRule' }],
    ['RoundRobinByAttributeRule without a name', { '@type': 'RoundRobinByAttributeRule', 'task-filter': filter }],
    [
      'MaxPerAttributeRule of "rack:r.*"',
      { '@type': 'MaxPerAttributeRule', max: 1, matcher: regex('rack:r.*'), 'task-filter': filter },
    ],
    ['HostnameRule with AnyMatcher', { '@type': 'HostnameRule', matcher: { '@type': 'AnyMatcher' } }],
    ['ZoneRule with no matcher', { '@type': 'ZoneRule' }],
    ['AttributeRule of ".*"', { '@type': 'AttributeRule', matcher: regex('.*') }],
    ['that cannot use look-around', { '@type': 'HostnameRule', matcher: regex('(?!a).*') }],
  ])('%s', (what, stored) => {
    expect(() => placementFrom(stored, 'data')).toThrow(`this version cannot read the placement rule ${what}`);
  });
});
