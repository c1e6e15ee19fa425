import { expect, test } from 'vitest';
import { type Documents, documentsOf } from '../../../../runtime/api/live/documents.ts';
import { remember } from '../../../../runtime/core/offer/evaluation.ts';
import type { Service, State, TaskRecord } from '../../../../runtime/core/state.ts';
import type { Resource } from '../../../../runtime/kit/mesos.ts';
import type { ServiceSpec } from '../../../../runtime/spec/service.ts';
import { FRAMEWORK, helloWorld, helloWorldSpec, stateOf, TARGET, taskRecord } from '../hello-world.ts';

const NOW = 1_000_000;
const OLD = 'c0ffee00-0000-4000-8000-000000000002';

function documents(service: Service, change: (state: State) => void = () => {}, now = NOW): Documents {
  const state = stateOf(service, FRAMEWORK);
  change(state);
  return documentsOf(state, service, now);
}

/** The target with another environment of `hello`. */
function specWith(environment: Record<string, string>): ServiceSpec {
  const spec = helloWorldSpec();
  const pods = spec.pods.map((pod) => ({ ...pod, tasks: pod.tasks.map((task) => ({ ...task, environment })) }));
  return { ...spec, pods };
}

/** A persistent volume of 25 MB. */
function volume(id: string, path: string): Resource {
  const disk = { persistence: { id }, volume: { mode: 'RW', container_path: path } } as const;
  return { name: 'disk', type: 'SCALAR', scalar: { value: 25 }, disk };
}

test('everything has its document, launched or not', () => {
  const found = documents(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]));
  expect([...found.keys()]).toEqual([
    'service',
    'plan/deploy',
    'plan/recovery',
    'pod/hello-0',
    'pod/world-0',
    'pod/world-1',
    `configuration/${TARGET}`,
    'offers',
  ]);
  expect(found.get('service')).toEqual({
    name: 'hello-world',
    frameworkId: FRAMEWORK,
    connected: false,
    targetId: TARGET,
    plans: ['deploy', 'recovery'],
    podTypes: ['hello', 'world'],
  });
  expect(found.get('pod/world-1')).toEqual({ name: 'world-1', type: 'world', index: 1, tasks: [], volumes: [] });
});

test('a pod says where it runs, since when, on which configuration, and what dies with it', () => {
  const record = taskRecord('hello', 0, 'TASK_FAILED', { resources: [volume('v', 'hello-data')] });
  const told: TaskRecord = { ...record, status: { ...record.status!, timestamp: 900.5, message: 'exited with 1' } };
  expect(documents(helloWorld([told])).get('pod/hello-0')).toEqual({
    name: 'hello-0',
    type: 'hello',
    index: 0,
    host: '10.0.0.7',
    tasks: [
      {
        name: 'hello-0-server',
        id: record.info.task_id.value,
        status: 'FAILED',
        since: 900_500,
        message: 'exited with 1',
        configuration: TARGET,
      },
    ],
    volumes: [{ owner: 'hello-0-server', path: 'hello-data', sizeMb: 25 }],
  });
});

test('a volume that the tasks of a pod share is its, and told once', () => {
  const executor = { executor_id: { value: 'e' }, resources: [volume('shared', 'common')] };
  const [one, other] = ['a', 'b'].map((task) => {
    const name = `hello-0-${task}`;
    return taskRecord('hello', 0, 'TASK_RUNNING', { name, executor, resources: [volume(task, `${task}-data`)] });
  });
  expect(documents(helloWorld([one!, other!])).get('pod/hello-0')).toMatchObject({
    volumes: [
      { owner: 'hello-0-a', path: 'a-data' },
      { owner: 'hello-0', path: 'common' },
      { owner: 'hello-0-b', path: 'b-data' },
    ],
  });
});

test('an instance that has to go, and a type that left the target, are still shown', () => {
  const found = documents(helloWorld([taskRecord('world', 7, 'TASK_RUNNING'), taskRecord('gone', 0, 'TASK_RUNNING')]));
  expect(found.get('pod/world-7')).toMatchObject({ index: 7 });
  expect(found.get('pod/gone-0')).toMatchObject({ host: '10.0.0.7' });
  expect(found.get('service')).toMatchObject({ podTypes: ['hello', 'world', 'gone'] });
});

test('a text that the definition publishes is an endpoint too', () => {
  const found = documents(helloWorld([], { endpoints: { 'core-site.xml': '<configuration/>' } }));
  expect(found.get('endpoint/core-site.xml')).toEqual({ text: '<configuration/>' });
});

test('while the service is taken down, only what is left of it is shown', () => {
  const found = documents(helloWorld([taskRecord('world', 1, 'TASK_RUNNING')], { uninstall: 'on' }));
  expect([...found.keys()].filter((key) => key.startsWith('pod/'))).toEqual(['pod/world-1']);
  expect(found.get('service')).toMatchObject({ uninstall: 'on', plans: ['deploy'], podTypes: ['world'] });
});

test('time alone changes nothing, also while a step waits for its next try', () => {
  const record = taskRecord('hello', 0, 'TASK_FAILED');
  const until = NOW + 60_000;
  const failed: TaskRecord = { ...record, progress: { backoff: { failures: 3, until } } };
  const before = documents(helloWorld([failed]));
  expect(before.get('plan/deploy')).toMatchObject({ phases: [{ steps: [{ status: 'DELAYED', until }] }, {}] });
  expect(documents(helloWorld([failed]), undefined, NOW + 30_000)).toEqual(before);
});

test('an earlier configuration tells what the target changed, but no secret', () => {
  const configs = new Map([
    [OLD, specWith({ COLOUR: 'blue', DB_PASSWORD: 'tiger' })],
    [TARGET, specWith({ COLOUR: 'green', DB_PASSWORD: 'lion' })],
  ]);
  const found = documents(helloWorld([], { configs }));
  const earlier = found.get(`configuration/${OLD}`);
  expect(earlier).toMatchObject({ isTarget: false, tasks: 0 });
  expect(earlier).toHaveProperty('changes', [
    { path: 'pods.hello.tasks.server.environment.COLOUR', from: '"blue"', to: '"green"' },
    { path: 'pods.hello.tasks.server.environment.DB_PASSWORD', from: '********', to: '********' },
    { path: 'pods.world.tasks.server.environment.COLOUR', from: '"blue"', to: '"green"' },
    { path: 'pods.world.tasks.server.environment.DB_PASSWORD', from: '********', to: '********' },
  ]);
  expect(found.get(`configuration/${TARGET}`)).toMatchObject({ isTarget: true, changes: [] });
});

test('of offers the newest twenty decisions are told, newest first', () => {
  const found = documents(helloWorld([]), ({ session }) => {
    for (let at = 1; at <= 30; at++) {
      const outcome = { kind: 'placed', agent: `agent-${at}` } as const;
      remember(session.evaluations, { at, plan: 'deploy', step: 'hello-0:[server]', outcome });
    }
  });
  const newest = Array.from({ length: 20 }, (_, index) => ({ agent: `agent-${30 - index}` }));
  expect(found.get('offers')).toMatchObject({ placed: 30, refused: 0, newest });
});
