/** What the field's debugging tools ask for. */
import { afterEach, expect, test } from 'vitest';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const midway = () => [taskRecord('hello', 0, 'TASK_RUNNING'), taskRecord('world', 0, 'TASK_STAGING')];

async function json(path: string) {
  served ??= await serve(stateOf(helloWorld(midway()), FRAMEWORK));
  const { status, body } = await served.get(path);
  expect(status).toBe(200);
  return JSON.parse(body);
}
afterEach(() => {
  served = undefined;
});

test('plans are told with their real statuses, totals, and what the scheduler is busy with', async () => {
  const body = await json('/v1/debug/plans');
  expect(body).toMatchObject({ schedulerState: 'DEPLOYING', activePlans: ['deploy'] });
  expect(body.plans[0]).toEqual({
    name: 'deploy',
    status: 'IN_PROGRESS',
    strategy: 'serial',
    phases: [
      {
        name: 'hello',
        status: 'COMPLETE',
        strategy: 'serial',
        steps: [{ name: 'hello-0:[server]', status: 'COMPLETE', errors: [] }],
      },
      {
        name: 'world',
        status: 'STARTING',
        strategy: 'serial',
        steps: [
          { name: 'world-0:[server]', status: 'STARTING', errors: [] },
          { name: 'world-1:[server]', status: 'PENDING', errors: [] },
        ],
      },
    ],
    totalSteps: 3,
    completedSteps: 1,
  });
  expect(body.serviceTopology[0].children[0]).toEqual({
    name: 'hello',
    type: 'phase',
    children: [{ name: 'hello-0:[server]', type: 'step', children: null }],
  });
});

test('a filter names parts in whatever case, and leaves totals and topology whole', async () => {
  const body = await json('/v1/debug/plans?plan=DEPLOY&phase=World&step=WORLD-1:[server]');
  expect(body.plans).toMatchObject([
    { name: 'deploy', totalSteps: 3, phases: [{ name: 'world', steps: [{ name: 'world-1:[server]' }] }] },
  ]);
  expect(body.serviceTopology).toHaveLength(2);
});

test.each([
  ['step=a', 'Step specified without parent Phase and Plan values.'],
  ['step=a&plan=deploy', 'Step specified without parent Phase and Plan values.'],
  ['phase=a', 'Phase specified without parent Plan.'],
  ['plan=a', 'Supplied plan not found in list of all available plans!'],
  ['plan=deploy&phase=a', 'Supplied phase not found in set of possible phases with supplied plan!'],
  [
    'plan=deploy&phase=hello&step=world-0:[server]',
    'Supplied step not found in set of possible steps with supplied plan and phase!',
  ],
])('the filter %s is invalid input', async (filter, text) => {
  expect(await json(`/v1/debug/plans?${filter}`)).toEqual({ 'invalid-input': text });
});

test('a service that was deployed once stays DEPLOYED while it is updated', async () => {
  const properties = new Map([['last-completed-update-type', 'DEPLOY']]);
  served = await serve(stateOf(helloWorld(midway(), { properties }), FRAMEWORK));
  expect(await json('/v1/debug/plans')).toMatchObject({ schedulerState: 'DEPLOYED', activePlans: ['deploy'] });
});

test('statuses are those of every task of a step', async () => {
  expect(await json('/v1/debug/taskStatuses?plan=deploy&phase=world')).toEqual([
    {
      name: 'deploy',
      phases: [
        {
          name: 'world',
          steps: [
            {
              name: 'world-0:[server]',
              taskStatus: [
                {
                  name: 'world-0-server',
                  taskStatus: 'TASK_STAGING',
                  taskId: 'hello-world__world-0-server__35c0d2a7-5f0c-4a0e-9a7a-9be0f5a60b00',
                },
              ],
            },
            {
              name: 'world-1:[server]',
              taskStatus: [{ name: 'world-1-server', taskStatus: 'TASK_UNKNOWN', taskId: '' }],
            },
          ],
        },
      ],
    },
  ]);
});

test('reservations are resource ids by agent', async () => {
  const reserved = (id: string): Resource => ({
    name: 'cpus',
    type: 'SCALAR',
    scalar: { value: 0.1 },
    reservations: [{ type: 'DYNAMIC', role: 'r', labels: { labels: [{ key: 'resource_id', value: id }] } }],
  });
  const hello = taskRecord('hello', 0, 'TASK_RUNNING', { resources: [reserved('b'), reserved('a')] });
  const world = taskRecord('world', 0, 'TASK_RUNNING', { resources: [reserved('c')], labels: { labels: [] } });
  served = await serve(stateOf(helloWorld([hello, world]), FRAMEWORK));
  expect(await json('/v1/debug/reservations')).toEqual({ '10.0.0.7': ['a', 'b'], UNKNOWN_AGENT: ['c'] });
});

test('in place of threads it is told what the process waits for', async () => {
  served = await serve(stateOf(helloWorld([]), FRAMEWORK));
  const { status, type, body } = await served.get('/v1/debug/threads');
  expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(body).toMatch(/^Node\.js v\d+.*\nOne thread decides; it waits for:\n( {2}\w+ \d+\n)+$/);
});
