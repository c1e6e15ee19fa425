import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanSpecs } from '../../../runtime/spec/service.ts';
import { plansFromJson, plansToJson } from '../../../runtime/spec/stored/plans.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { noNullPrototype: true });
const optional = <K extends string, T>(key: K, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((some) => (some === undefined ? {} : ({ [key]: some } as Record<K, T>)));
const lists = fc.array(fc.array(name, { maxLength: 3 }), { maxLength: 3 });

const phase = fc
  .tuple(
    record({ name, pod: name, strategy: fc.constantFrom('serial', 'parallel', 'serial-canary', 'parallel-canary') }),
    optional(
      'steps',
      fc
        .tuple(
          record({ byIndex: fc.dictionary(fc.nat(12).map(String), lists, { maxKeys: 3, noNullPrototype: true }) }),
          optional('otherwise', lists),
        )
        .map((parts) => Object.assign({}, ...parts)),
    ),
  )
  .map((parts) => Object.assign({}, ...parts));

const plans: fc.Arbitrary<PlanSpecs> = fc.array(
  record({ name, strategy: fc.constantFrom('serial', 'parallel'), phases: fc.array(phase, { maxLength: 3 }) }),
  { maxLength: 3 },
);

test('stored plans read back as they were', () => {
  fc.assert(
    fc.property(plans, (plans) => {
      expect(plansFromJson(JSON.parse(JSON.stringify(plansToJson(plans))))).toStrictEqual(plans);
    }),
  );
});

test('what is no list of plans is refused', () => {
  expect(() => plansFromJson({})).toThrow('these are not stored plans');
});
