/** The role in which a service reserves: its own, or that of its scheduler's group. */
import { expect, test } from 'vitest';
import { serviceRole } from '../../../runtime/spec/role.ts';
import { mistakesIn, parsed, service } from './definitions.ts';

test.each([
  ['its own, when nothing is said', {}, 'team__shop-role'],
  ['that of the group', { MESOS_ALLOCATION_ROLE: 'team' }, 'team'],
  ['that of a nested group, escaped', { MESOS_ALLOCATION_ROLE: 'team/sales' }, 'team__sales'],
  ['its own, when the app has the role of public agents', { MESOS_ALLOCATION_ROLE: 'slave_public' }, 'team__shop-role'],
  ['its own, when the app has no role: nobody can reserve in *', { MESOS_ALLOCATION_ROLE: '*' }, 'team__shop-role'],
  [
    'any role but *, when groups are enforced',
    { MESOS_ALLOCATION_ROLE: 'slave_public', MARATHON_APP_ENFORCE_GROUP_ROLE: 'true' },
    'slave_public',
  ],
  ['its own, when groups are not enforced', { MARATHON_APP_ENFORCE_GROUP_ROLE: 'false' }, 'team__shop-role'],
])('%s', (_, env, role) => {
  expect(serviceRole('/team/shop', env)).toEqual({ ok: true, role });
});

test('stands in the checked service', () => {
  expect(parsed(service(), { MESOS_ALLOCATION_ROLE: 'team' }).role).toBe('team');
});

test('an enforced group without a role is a mistake', () => {
  expect(mistakesIn(service(), { MARATHON_APP_ENFORCE_GROUP_ROLE: 'true' })).toEqual([
    '0:0 SVC023 the variable MESOS_ALLOCATION_ROLE must be the role of the scheduler\'s group, is "" -> set it to the role of the scheduler\'s group',
  ]);
});
