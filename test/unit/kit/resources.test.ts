/** The laws of the resource algebra. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import {
  add,
  amountOf,
  bagOf,
  common,
  contains,
  isNothing,
  resourcesOf,
  subtract,
} from '../../../runtime/kit/resources.ts';

const scalar: fc.Arbitrary<Resource> = fc
  .tuple(fc.constantFrom('cpus', 'mem', 'disk'), fc.integer({ min: 1, max: 100_000 }))
  .map(([name, milli]) => ({ name, type: 'SCALAR' as const, scalar: { value: milli / 1000 } }));

const ranges: fc.Arbitrary<Resource> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 10 })), { minLength: 1, maxLength: 4 })
  .map((pairs) => ({
    name: 'ports',
    type: 'RANGES' as const,
    ranges: { range: pairs.map(([begin, more]) => ({ begin, end: begin + more })) },
  }));

const set: fc.Arbitrary<Resource> = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 })
  .map((item) => ({ name: 'zones', type: 'SET' as const, set: { item } }));

const role = fc.constantFrom(undefined, 'web', 'db');

const resource = fc
  .tuple(fc.oneof(scalar, ranges, set), role)
  .map(
    ([plain, owner]): Resource =>
      owner === undefined ? plain : { ...plain, reservations: [{ type: 'DYNAMIC', role: owner }] },
  );

const resources = fc.array(resource, { maxLength: 8 });
const scalars = fc.array(scalar, { maxLength: 8 });

const text = (bag: ReturnType<typeof bagOf>) =>
  resourcesOf(bag)
    .map((each) => JSON.stringify(each))
    .sort();

describe('add and subtract', () => {
  test('are inverse for amounts that add up', () => {
    fc.assert(
      fc.property(scalars, scalars, (a, b) => {
        const bag = bagOf(a);
        add(bag, b);
        subtract(bag, b);
        expect(text(bag)).toEqual(text(bagOf(a)));
      }),
    );
  });

  test('subtract then add gives the same bag, of every type', () => {
    fc.assert(
      fc.property(resources, resources, (a, more) => {
        const whole = bagOf([...a, ...more]);
        const part = resourcesOf(bagOf(more));
        expect(contains(whole, part)).toBe(true);
        const bag = bagOf([...a, ...more]);
        subtract(bag, part);
        add(bag, part);
        expect(text(bag)).toEqual(text(whole));
      }),
    );
  });

  test('do not depend on the order', () => {
    fc.assert(
      fc.property(resources, (a) => {
        expect(text(bagOf([...a].reverse()))).toEqual(text(bagOf(a)));
      }),
    );
  });

  test('never change what they are given', () => {
    fc.assert(
      fc.property(resources, (a) => {
        const before = JSON.stringify(a);
        const bag = bagOf(a);
        add(bag, a);
        subtract(bag, resourcesOf(bagOf(a)));
        expect(JSON.stringify(a)).toBe(before);
      }),
    );
  });
});

describe('common', () => {
  test('is held by both and is the most that is', () => {
    fc.assert(
      fc.property(resources, resources, (a, b) => {
        const both = common(bagOf(a), bagOf(b));
        expect(contains(bagOf(a), resourcesOf(both))).toBe(true);
        expect(contains(bagOf(b), resourcesOf(both))).toBe(true);
        const restOfA = bagOf(a);
        subtract(restOfA, resourcesOf(both));
        const restOfB = bagOf(b);
        subtract(restOfB, resourcesOf(both));
        expect(common(restOfA, restOfB).size).toBe(0);
      }),
    );
  });

  test('is the same either way round', () => {
    fc.assert(
      fc.property(resources, resources, (a, b) => {
        expect(text(common(bagOf(a), bagOf(b)))).toEqual(text(common(bagOf(b), bagOf(a))));
      }),
    );
  });
});

test('a bag splits into what it has in common with another and the rest, and they make the whole again', () => {
  fc.assert(
    fc.property(resources, resources, (a, b) => {
      const part = resourcesOf(common(bagOf(a), bagOf(b)));
      const rest = bagOf(a);
      subtract(rest, part);
      add(rest, part);
      expect(text(rest)).toEqual(text(bagOf(a)));
    }),
  );
});

test('any order of adding and taking comes to the same', () => {
  fc.assert(
    fc.property(resources, fc.array(scalars, { maxLength: 5 }), (start, parts) => {
      const forwards = bagOf([...start, ...parts.flat()]);
      for (const part of parts) subtract(forwards, part);
      const backwards = bagOf(parts.flat());
      add(backwards, start);
      for (const part of parts.toReversed()) subtract(backwards, part);
      expect(text(backwards)).toEqual(text(forwards));
      expect(text(forwards)).toEqual(text(bagOf(start)));
    }),
  );
});

test('nothing is what an operation must not name', () => {
  const empty: Resource[] = [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0 } },
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.0004 } },
    { name: 'cpus', type: 'SCALAR', scalar: { value: -1 } },
    { name: 'cpus', type: 'SCALAR' },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 5, end: 1 }] } },
    { name: 'zones', type: 'SET', set: { item: [] } },
  ];
  expect(empty.map(isNothing)).toEqual(empty.map(() => true));
  expect(isNothing({ name: 'cpus', type: 'SCALAR', scalar: { value: 0.0005 } })).toBe(false);
});

test('scalars count in thousandths, as Mesos compares them', () => {
  const cpus = (value: number): Resource => ({ name: 'cpus', type: 'SCALAR', scalar: { value } });
  expect(resourcesOf(bagOf([cpus(0.1), cpus(0.2)]))).toEqual([cpus(0.3)]);
  expect(amountOf(cpus(0.1006))).toEqual({ kind: 'scalar', thousandths: 101 });
  expect(bagOf([cpus(0.0004)]).size).toBe(0);
});

test('a persistent volume is taken whole or not at all', () => {
  const disk = (value: number): Resource => ({
    name: 'disk',
    type: 'SCALAR',
    scalar: { value },
    disk: { persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'data' } },
  });
  expect(contains(bagOf([disk(100)]), [disk(100)])).toBe(true);
  expect(contains(bagOf([disk(100)]), [disk(50)])).toBe(false);
});
