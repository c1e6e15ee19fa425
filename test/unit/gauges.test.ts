import { expect, test } from 'vitest';
import type { Service, TaskRecord } from '../../runtime/core/state.ts';
import { gaugesOf } from '../../runtime/gauges.ts';
import type { TaskState } from '../../runtime/kit/mesos.ts';
import { FRAMEWORK, helloWorld, stateOf, TARGET, taskRecord } from './api/hello-world.ts';

const NOW = 1_000;
const NONE = { events: 0, calls: 0 };

const gauges = (service: Service) => Object.fromEntries(gaugesOf(stateOf(service, FRAMEWORK), NOW, NONE));

const running = [taskRecord('hello', 0, 'TASK_RUNNING'), taskRecord('world', 0, 'TASK_RUNNING')];
const allRunning = [...running, taskRecord('world', 1, 'TASK_RUNNING')];

/** A task under the target that has not reached its goal yet. */
const on = (state: TaskState): TaskRecord => ({ ...taskRecord('world', 1, state), progress: {} });
const held: TaskRecord = { ...on('TASK_FAILED'), progress: { backoff: { failures: 1, until: 60_000 } } };
const paused = new Map([['deploy', { config: TARGET, interrupted: true, phases: {}, steps: {} }]]);

test.each<[string, Service, number]>([
  ['is complete', helloWorld(allRunning), 0],
  ['has a step left', helloWorld(running), 2],
  ['has not begun', helloWorld([]), 1],
  ['starts a task', helloWorld([...running, on('TASK_STARTING')]), 2],
  ['waits for the next try of a failing task', helloWorld([...running, held]), 1],
  ['an operator holds', helloWorld(running, { intents: paused }), 1],
  ['was refused', helloWorld(allRunning, { errors: ['count of hello is 0'] }), -1],
])('a deploy plan that %s', (_, service, value) => {
  expect(gauges(service)['plan_status.deploy']).toBe(value);
});

test('recovery has a number of its own', () => {
  const failed: TaskRecord = { ...taskRecord('world', 1, 'TASK_FAILED'), progress: { reached: TARGET } };
  expect(gauges(helloWorld([...running, failed]))).toMatchObject({
    'plan_status.deploy': 0,
    'plan_status.recovery': 1,
  });
});

test('before Mesos has accepted us nothing is suppressed and nothing subscribed', () => {
  expect(gauges(helloWorld(allRunning))).toEqual({
    is_subscribed: false,
    is_suppressed: false,
    'offers.held': 0,
    'plan_status.deploy': 0,
    'plan_status.recovery': 0,
    'queue.calls': 0,
    'queue.events': 0,
  });
});

test('of a service that is taken down only deploy is left', () => {
  const names = Object.keys(gauges(helloWorld(allRunning, { uninstall: 'on' })));
  expect(names.filter((name) => name.startsWith('plan_status'))).toEqual(['plan_status.deploy']);
});

test('of several services each plan has the name of its service', () => {
  const state = stateOf(helloWorld(allRunning), FRAMEWORK);
  const other = { ...helloWorld([]), name: 'other' };
  state.services.set(other.name, other);
  const all = Object.fromEntries(gaugesOf(state, NOW, { events: 3, calls: 2 }));
  expect(all).toMatchObject({
    'plan_status.hello-world.deploy': 0,
    'plan_status.other.deploy': 1,
    'queue.events': 3,
    'queue.calls': 2,
  });
  expect(all).not.toHaveProperty(['plan_status.deploy']);
});
