import { describe, expect, test } from 'vitest';
import { inRegion, regionOf } from '../../../runtime/spec/region.ts';
import type { PlacementRule } from '../../../runtime/spec/service.ts';
import { mistakesIn, parsed, service } from './definitions.ts';

const LOCAL: PlacementRule = { kind: 'local-region' };
const there = (text: string): PlacementRule => ({ kind: 'value', field: { kind: 'region' }, match: 'exact', text });
const perHost: PlacementRule = { kind: 'max-per', field: { kind: 'hostname' }, max: 1 };

describe('the region of a service', () => {
  test.each<[string, Record<string, string>, string | undefined, string | undefined, PlacementRule]>([
    ['is that of the masters when nothing names one', {}, undefined, undefined, LOCAL],
    ['is what the file says', {}, 'east', 'east', there('east')],
    ['is what the environment says', { SERVICE_REGION: 'west' }, undefined, 'west', there('west')],
    ['is what the environment says over the file', { SERVICE_REGION: 'west' }, 'east', 'west', there('west')],
    ['is that of the file when the environment has none', { SERVICE_REGION: '' }, 'east', 'east', there('east')],
    ['is kept but not asked for without awareness', { ALLOW_REGION_AWARENESS: 'false' }, 'east', 'east', LOCAL],
    ['blank means no awareness', { ALLOW_REGION_AWARENESS: ' ' }, 'east', 'east', LOCAL],
    ['Yes means awareness', { ALLOW_REGION_AWARENESS: 'Yes' }, 'east', 'east', there('east')],
  ])('%s', (_, env, file, region, rule) => {
    const found = regionOf(file === undefined ? {} : { region: file }, env);
    expect(found).toEqual({ ok: true, rule, ...(region === undefined ? {} : { region }) });
  });

  test('needs a clear word about awareness', () => {
    expect(mistakesIn(service(), { ALLOW_REGION_AWARENESS: 'perhaps' })).toEqual([
      '0:0 SVC023 the variable ALLOW_REGION_AWARENESS must be true or false, is perhaps -> set it to true or false',
    ]);
  });
});

describe('a pod', () => {
  test('without a placement has the rule of the region alone', () => {
    expect(inRegion(undefined, LOCAL)).toEqual(LOCAL);
  });

  test('has the rule of the region in front of its own', () => {
    expect(inRegion(perHost, LOCAL)).toEqual({ kind: 'all', rules: [LOCAL, perHost] });
  });

  test.each<[string, PlacementRule]>([
    ['by itself', there('east')],
    ['among others', { kind: 'all', rules: [perHost, there('east')] }],
    ['turned round', { kind: 'not', rule: there('east') }],
    ['one of several', { kind: 'any', rules: [perHost, { kind: 'group-by', field: { kind: 'region' } }] }],
  ])('that names a region %s keeps its placement', (_, rule) => {
    expect(inRegion(rule, LOCAL)).toBe(rule);
  });

  test('in the spec has the region and the rule', () => {
    const spec = parsed(service({ top: ['region: east'], pod: ['placement: hostname:UNIQUE'] }));
    expect(spec.region).toBe('east');
    expect(spec.pods[0]?.placement).toEqual({ kind: 'all', rules: [there('east'), perHost] });
  });
});
