/** RESERVE and UNRESERVE, CREATE and DESTROY undo each other exactly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Conversion, conversionOf, exchange } from '../../../runtime/cluster/operation.ts';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import { bagOf, resourcesOf } from '../../../runtime/kit/resources.ts';
import { MACHINE, reserved, scalar, volume } from './master-rig.ts';

const cpus = fc.integer({ min: 1, max: 4000 }).map((milli) => scalar('cpus', milli / 1000));
const disk = fc.integer({ min: 1, max: 10_000 }).map((mb) => scalar('disk', mb));
const ports = fc.tuple(fc.integer({ min: 100, max: 109 }), fc.integer({ min: 0, max: 9 })).map(
  ([begin, more]): Resource => ({
    name: 'ports',
    type: 'RANGES',
    ranges: { range: [{ begin, end: Math.min(begin + more, 109) }] },
  }),
);

const sorted = (resources: Resource[]) => resources.map((resource) => JSON.stringify(resource)).sort();

function after(resources: readonly Resource[], operations: readonly Conversion[]): string[] {
  const bag = bagOf(resources);
  for (const operation of operations) exchange(bag, conversionOf(operation));
  return sorted(resourcesOf(bag));
}

test('UNRESERVE undoes RESERVE, one resource or several at once', () => {
  fc.assert(
    fc.property(fc.tuple(cpus, disk, ports), (plain) => {
      const resources = plain.map((resource, index) => reserved(resource, `id-${index}`));
      const undone = after(MACHINE, [
        { type: 'RESERVE', reserve: { resources } },
        { type: 'UNRESERVE', unreserve: { resources } },
      ]);
      expect(undone).toEqual(sorted(resourcesOf(bagOf(MACHINE))));
    }),
  );
});

test('DESTROY undoes CREATE, also when it names another container path', () => {
  fc.assert(
    fc.property(disk, (plain) => {
      const bare = reserved(plain, 'id');
      const made = volume(bare, 'v');
      const elsewhere: Resource = {
        ...made,
        disk: { ...made.disk, volume: { mode: 'RW', container_path: 'elsewhere' } },
      };
      const reserve: Conversion = { type: 'RESERVE', reserve: { resources: [bare] } };
      const undone = after(MACHINE, [
        reserve,
        { type: 'CREATE', create: { volumes: [made] } },
        { type: 'DESTROY', destroy: { volumes: [elsewhere] } },
      ]);
      expect(undone).toEqual(after(MACHINE, [reserve]));
    }),
  );
});

test('a reservation in the old format is the same as in the new one', () => {
  const old: Resource = { ...scalar('cpus', 1), role: 'r', reservation: { principal: 'p' } };
  const young: Resource = { ...scalar('cpus', 1), reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p' }] };
  const reserve = (resource: Resource): Conversion => ({ type: 'RESERVE', reserve: { resources: [resource] } });
  const kinds = (resource: Resource) => after(MACHINE, [reserve(resource)]).map((text) => JSON.parse(text) as Resource);
  expect(kinds(old)).toEqual(kinds(young));
});

test('equal reservations merge, whatever the order of their labels', () => {
  const labels = [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  const half = (order: typeof labels): Resource => ({
    ...scalar('cpus', 0.5),
    reservations: [{ type: 'DYNAMIC', role: 'r', labels: { labels: order } }],
  });
  const bag = bagOf([half(labels), half([...labels].reverse())]);
  expect(resourcesOf(bag).map((resource) => resource.scalar?.value)).toEqual([1]);
});

test('UNRESERVE of a refined stack takes only its top away', () => {
  const below = { type: 'STATIC' as const, role: 'org' };
  const refined: Resource = { ...scalar('cpus', 1), reservations: [below, { type: 'DYNAMIC', role: 'org/web' }] };
  const bag = bagOf([refined]);
  exchange(bag, conversionOf({ type: 'UNRESERVE', unreserve: { resources: [refined] } }));
  expect(resourcesOf(bag)).toEqual([{ ...scalar('cpus', 1), reservations: [below] }]);
});
