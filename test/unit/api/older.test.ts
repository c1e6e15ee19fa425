/** The API of the first scheduler of this kind, as its scripts use it. */
import { afterEach, expect, test } from 'vitest';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const midway = () => [
  taskRecord('hello', 0, 'TASK_RUNNING'),
  taskRecord('world', 0, 'TASK_STAGING', { resources: [ports(8080, 8080), ports(2000, 3000)] }),
];

function ports(begin: number, end: number): Resource {
  return { name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end }] } };
}

async function serving(change = {}): Promise<Served> {
  served = await serve(stateOf(helloWorld(midway(), change), FRAMEWORK));
  return served;
}

test('the plan has its steps, and the same as blocks', async () => {
  const { get } = await serving();
  const [older, modern] = [await get('/v1/plan'), await get('/v1/plans/deploy')];
  expect(older.status).toBe(202);
  const plan = JSON.parse(older.body);
  const { phases, ...rest } = JSON.parse(modern.body);
  expect(plan).toMatchObject(rest);
  for (const [at, phase] of phases.entries()) expect(plan.phases[at]).toMatchObject(phase);
  expect(plan.phases[1].blocks).toEqual([
    {
      id: phases[1].steps[0].id,
      status: 'IN_PROGRESS',
      name: 'world-0',
      message: 'Block: world-0',
      has_decision_point: false,
    },
    {
      id: phases[1].steps[1].id,
      status: 'PENDING',
      name: 'world-1',
      message: 'Block: world-1',
      has_decision_point: false,
    },
  ]);
});

test('a block that waits for an operator is a decision point', async () => {
  const phases = [{ name: 'world', pod: 'world', strategy: 'serial-canary' }] as const;
  const { get } = await serving({ plans: [{ name: 'deploy', strategy: 'serial', phases }] });
  const [phase] = JSON.parse((await get('/v1/plan')).body).phases;
  expect(phase.blocks.map((block: { has_decision_point: boolean }) => block.has_decision_point)).toEqual([true, true]);
});

test('a block is restarted and forced complete by its id', async () => {
  const { get, post } = await serving();
  const [, phase] = JSON.parse((await get('/v1/plan')).body).phases;
  const element = `phase=${phase.id}&block=${phase.blocks[1].id}`;
  expect(await post(`/v1/plan/restart?${element}`)).toMatchObject({ status: 208 });
  expect(await post(`/v1/plan/forceComplete?${element}`)).toMatchObject({ status: 200 });
  const plan = JSON.parse((await get('/v1/plan')).body);
  expect(plan.phases[1].blocks[1].status).toBe('COMPLETE');
});

test('the status says what its readers wait for, always with 200', async () => {
  const { get } = await serving();
  const { status, body } = await get('/v1/plan/status');
  expect([status, JSON.parse(body)]).toEqual([
    200,
    {
      plan: {
        status: 'IN_PROGRESS',
        errors: [],
        phases: [
          { name: 'hello', status: 'COMPLETE' },
          { name: 'world', status: 'STARTING' },
        ],
      },
    },
  ]);
});

test('recovery is the recovery plan', async () => {
  const { get } = await serving();
  expect(await get('/v1/recovery')).toEqual(await get('/v1/plans/recovery'));
});

test('tasks are listed, and told one by one', async () => {
  const { get } = await serving();
  expect(JSON.parse((await get('/v1/state/tasks')).body)).toMatchObject([
    { name: 'hello-0-server', status: 'RUNNING' },
    { name: 'world-0-server', status: 'STAGING' },
  ]);
  const [task] = JSON.parse((await get('/v1/pod/hello-0/info')).body);
  expect(JSON.parse((await get('/v1/state/tasks/info/hello-0-server')).body)).toEqual(task.info);
  expect(JSON.parse((await get('/v1/state/tasks/status/hello-0-server')).body)).toEqual(task.status);
});

test.each(['/v1/state/tasks/info/nope', '/v1/state/tasks/status/nope', '/v1/tasks/connection/nope'])(
  '%s is not found',
  async (path) => {
    const { get } = await serving();
    expect(await get(path)).toMatchObject({ status: 404, body: 'Task nope not found' });
  },
);

test.each([
  ['world-0-server', { dns: 'world-0-server.hello-world.mesos', ports: '2000-3000,8080' }],
  ['hello-0-server', { dns: 'hello-0-server.hello-world.mesos', ports: '' }],
])('%s is connected to by the name and ports of the task', async (task, body) => {
  const { get } = await serving();
  expect(JSON.parse((await get(`/v1/tasks/connection/${task}`)).body)).toEqual(body);
});

test.each([
  ['', false],
  ['?replace=false', false],
  ['?replace=true', true],
])('a task is restarted with its pod%s', async (query, replaced) => {
  const { post, stored } = await serving();
  const { status, body } = await post(`/v1/tasks/restart/hello-0-server${query}`);
  expect([status, JSON.parse(body)]).toEqual([200, { pod: 'hello-0', tasks: ['hello-0-server'] }]);
  expect(stored.some((write) => write.kind === 'task-info')).toBe(replaced);
});

test.each([
  ['nope', 404, 'Task nope not found'],
  ['hello-0-server?replace=TRUE', 400, 'replace is "TRUE"; expected true or false'],
])('a restart of %s is refused, and nothing is done', async (path, status, body) => {
  const { post, stored } = await serving();
  expect(await post(`/v1/tasks/restart/${path}`)).toMatchObject({ status, body });
  expect(stored).toEqual([]);
});
