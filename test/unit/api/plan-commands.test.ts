import { afterEach, describe, expect, test } from 'vitest';
import { elementId } from '../../../runtime/core/plan/element.ts';
import type { Service } from '../../../runtime/core/state.ts';
import type { PlanSpecs } from '../../../runtime/spec/service.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, TARGET, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

async function serving(service: Service): Promise<Served> {
  served = await serve(stateOf(service, FRAMEWORK));
  return served;
}

const phase = { name: 'world', pod: 'world', strategy: 'serial' } as const;
const PLANS: PlanSpecs = [
  { name: 'backup-s3', strategy: 'serial', phases: [phase] },
  {
    name: 'deploy',
    strategy: 'serial',
    phases: [
      { ...phase, name: 'hello', pod: 'hello' },
      { ...phase, strategy: 'serial-canary' },
    ],
  },
];

/** `hello` runs, `world` waits for an operator to let its canary through. */
const canary = () => helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')], { plans: PLANS });
/** `hello` runs, the first `world` starts, the second is not begun. */
const midway = () => helloWorld([taskRecord('hello', 0, 'TASK_RUNNING'), taskRecord('world', 0, 'TASK_STAGING')]);

const JSON_TYPE = 'application/json';
const TEXT = 'text/plain; charset=utf-8';
const received = (command: string) => ({
  status: 200,
  type: 'application/json; charset=utf-8',
  body: `{"message": "Received cmd: ${command}"}`,
});

const ALREADY = { status: 208, type: TEXT, body: 'Command has already been reported or completed' };

async function statuses({ get }: Served, plan = 'deploy'): Promise<string[]> {
  const { phases } = JSON.parse((await get(`/v1/plans/${plan}`)).body);
  return phases.flatMap(({ steps }: { steps: { status: string }[] }) => steps.map((step) => step.status));
}

test.each([
  ['/v1/plans/backup-s3/start', 'start backup-s3 with parameters: {}'],
  ['/v1/plans/backup-s3/stop', 'stop'],
  ['/v1/plans/deploy/continue?phase=world', 'continue'],
  ['/v1/plans/deploy/interrupt', 'interrupt'],
  ['/v1/plans/backup-s3/interrupt?phase=world', 'interrupt'],
  ['/v1/plans/deploy/restart', 'restart for Plan: deploy, Phase: null, Step: null'],
  ['/v1/plans/deploy/restart?phase=hello', 'restart for Plan: deploy, Phase: hello, Step: null'],
  [
    '/v1/plans/deploy/restart?phase=hello&step=hello-0:[server]',
    'restart for Plan: deploy, Phase: hello, Step: hello-0:[server]',
  ],
  [
    '/v1/plans/deploy/forceComplete?phase=world&step=world-0:[server]',
    'forceComplete for Plan: deploy, Phase: world, Step: world-0:[server]',
  ],
  ['/v1/plans/deploy/forceComplete?phase=&step=%20', 'forceComplete for Plan: deploy, Phase: null, Step: null'],
  ['/v1/plan/continue?phase=world', 'continue'],
  ['/v1/plan/interrupt', 'interrupt'],
  ['/v1/plan/restart?phase=hello', 'restart for Plan: deploy, Phase: hello, Step: null'],
  ['/v1/plan/forceComplete?phase=world', 'forceComplete for Plan: deploy, Phase: world, Step: null'],
])('POST %s is carried out, and stored before it is answered', async (path, command) => {
  const { post, stored } = await serving(canary());
  expect(await post(path)).toEqual(received(command));
  expect(stored).toContainEqual(expect.objectContaining({ kind: 'intent' }));
});

test.each(['interrupt', 'continue'])('a plan that is asked to %s twice says that it did already', async (verb) => {
  const { post } = await serving(midway());
  if (verb === 'interrupt') await post('/v1/plans/deploy/interrupt');
  expect(await post(`/v1/plans/deploy/${verb}`)).toEqual(ALREADY);
});

test.each([
  ['restart of what is PENDING', 'restart?phase=world&step=world-1:[server]'],
  ['force-complete of what is COMPLETE', 'forceComplete?phase=hello'],
  ['continue of a phase that is COMPLETE', 'continue?phase=hello'],
])('nothing is to be done for a %s', async (_, command) => {
  const { post, stored } = await serving(midway());
  expect(await post(`/v1/plans/deploy/${command}`)).toEqual(ALREADY);
  expect(stored).toEqual([]);
});

test.each([
  ['/v1/plans/nope/start', 404, 'Plan nope not found'],
  ['/v1/plans/nope/interrupt?phase=hello', 404, 'Plan nope not found'],
  ['/v1/plans/deploy/continue?phase=nope', 404, 'Phase nope not found'],
  ['/v1/plans/deploy/restart?phase=nope&step=world-0:[server]', 404, 'Phase nope not found'],
  ['/v1/plans/deploy/forceComplete?phase=world&step=world-9:[server]', 404, 'Step world-9:[server] not found'],
  ['/v1/plans/deploy/restart?step=world-0:[server]', 400, 'Missing phase'],
  ['/v1/plan/forceComplete?phase=nope', 404, 'Phase nope not found'],
])('POST %s is refused with %i', async (path, status, body) => {
  const { post, stored } = await serving(midway());
  expect(await post(path)).toEqual({ status, type: TEXT, body });
  expect(stored).toEqual([]);
});

test('of a parameter given twice the first counts: it never means the whole plan', async () => {
  const { get, post } = await serving(midway());
  expect(await post('/v1/plans/deploy/forceComplete?phase=hello&phase=world')).toEqual(ALREADY);
  await post('/v1/plans/deploy/interrupt?phase=world&phase=hello');
  const { phases } = JSON.parse((await get('/v1/plans/deploy')).body);
  expect(phases.map((phase: { status: string }) => phase.status)).toEqual(['COMPLETE', 'WAITING']);
});

describe('phases and steps by id', () => {
  async function idsOf({ get }: Served) {
    const { phases } = JSON.parse((await get('/v1/plans/deploy')).body);
    return { hello: phases[0].id, world: phases[1].id, second: phases[1].steps[1].id } as const;
  }

  test('mean the element that was shown under them', async () => {
    const server = await serving(midway());
    const { world, second } = await idsOf(server);
    const path = `/v1/plans/deploy/forceComplete?phase=${world}&step=${second}`;
    expect(await server.post(path)).toMatchObject({
      status: 200,
      body: expect.stringContaining(`Phase: ${world}, Step: ${second}`),
    });
    expect(await statuses(server)).toEqual(['COMPLETE', 'STARTING', 'COMPLETE']);
  });

  test('are the same in capitals', async () => {
    const server = await serving(midway());
    const { world } = await idsOf(server);
    const path = `/v1/plans/deploy/interrupt?phase=${world.toUpperCase()}`;
    expect(await server.post(path)).toEqual(received('interrupt'));
  });

  test('are the same in another process, and of two services never', async () => {
    const server = await serving(midway());
    const { hello } = await idsOf(server);
    await server.close();
    expect(hello).toBe(elementId('hello-world', 'deploy', 'hello'));
    expect(hello).not.toBe(elementId('goodbye-world', 'deploy', 'hello'));
    expect(await idsOf(await serving(canary()))).toMatchObject({ hello });
  });

  test('are ids alone: no name is compared with what reads as a UUID', async () => {
    const name = elementId('hello-world', 'deploy', 'hello');
    const phases = [{ ...phase, name }];
    const server = await serving(helloWorld([], { plans: [{ name: 'backup', strategy: 'serial', phases }] }));
    const { status, body } = await server.post(`/v1/plans/backup/restart?phase=${name}`);
    expect([status, body]).toEqual([404, `Phase ${name} not found`]);
  });

  test('of other elements are not found', async () => {
    const server = await serving(midway());
    const { hello, second } = await idsOf(server);
    const answer = await server.post(`/v1/plans/deploy/forceComplete?phase=${hello}&step=${second}`);
    expect(answer).toMatchObject({ status: 404, body: `Step ${second} not found` });
    expect(await server.post(`/v1/plans/recovery/continue?phase=${hello}`)).toMatchObject({
      status: 404,
      body: `Phase ${hello} not found`,
    });
  });
});

describe('parameters of a start', () => {
  test('are repeated in the answer and handed to the run', async () => {
    const { post, stored } = await serving(canary());
    const body = '{"AWS_REGION": "us-west-2", "SNAPSHOT_NAME": "s1"}';
    expect(await post('/v1/plans/backup-s3/start', body, JSON_TYPE)).toEqual(
      received('start backup-s3 with parameters: {AWS_REGION=us-west-2, SNAPSHOT_NAME=s1}'),
    );
    const intent = { interrupted: false, run: { parameters: { AWS_REGION: 'us-west-2', SNAPSHOT_NAME: 's1' } } };
    expect(stored).toMatchObject([{ kind: 'intent', plan: 'backup-s3', intent }]);
  });

  test.each([
    ['a name that no variable has', '{"a-b": "1"}', 'a-b is not a valid environment variable name'],
    ['a value that is no text', '{"COUNT": 3}', 'the value of COUNT is not a string'],
    ['a list', '[]', 'the body is not an object'],
    ['something else', '{"COUNT"', 'Expected'],
  ])('with %s are refused before the plan is looked up', async (_, body, reason) => {
    const { post } = await serving(canary());
    const answer = await post('/v1/plans/nope/start', body, JSON_TYPE);
    expect(answer).toMatchObject({
      status: 400,
      type: TEXT,
      body: expect.stringContaining(`Couldn't parse parameters: ${reason}`),
    });
  });

  test.each([
    ['text/plain', '{}', 415],
    ['application/json; charset=utf-8', '{}', 200],
    ['text/plain', '', 200],
  ])('as %s, %j: %i', async (type, body, status) => {
    const { post } = await serving(canary());
    expect((await post('/v1/plans/backup-s3/start', body, type)).status).toBe(status);
  });
});

test('a held plan is WAITING, its steps stay PENDING, and what is under way goes on', async () => {
  const server = await serving(midway());
  await server.post('/v1/plans/deploy/interrupt');
  const { status, body } = await server.get('/v1/plans/deploy');
  expect([status, JSON.parse(body).status]).toEqual([202, 'WAITING']);
  expect(await statuses(server)).toEqual(['COMPLETE', 'STARTING', 'PENDING']);
});

test('a canary phase lets one step through at a time', async () => {
  const server = await serving(canary());
  expect(await statuses(server)).toEqual(['COMPLETE', 'WAITING', 'WAITING']);
  await server.post('/v1/plan/continue?phase=world');
  expect(await statuses(server)).toEqual(['COMPLETE', 'PENDING', 'WAITING']);
});

test('a plan on demand waits until it is started', async () => {
  const server = await serving(canary());
  const statusOf = async () => JSON.parse((await server.get('/v1/plans/backup-s3')).body).status;
  expect(await statusOf()).toBe('WAITING');
  await server.post('/v1/plans/backup-s3/start');
  expect(await statusOf()).toBe('PENDING');
});

test('a step that is delayed says when it is tried again', async () => {
  const backoff = { failures: 2, until: 44_100 };
  const failed = { ...taskRecord('hello', 0, 'TASK_FAILED'), progress: { backoff } };
  const { get } = await serving(helloWorld([failed]));
  const { status, phases } = JSON.parse((await get('/v1/plans/deploy')).body);
  expect([status, phases[0].status]).toEqual(['DELAYED', 'DELAYED']);
  expect(phases[0].steps[0].message).toMatch(/with status: DELAYED \(next try in 45 s\)$/);
});

describe('while the service is uninstalled', () => {
  const leaving = (done?: true) =>
    helloWorld(done ? [] : [taskRecord('hello', 0, 'TASK_RUNNING')], { uninstall: done ? 'done' : 'on' });

  test.each([
    ['GET', '/v1/pod'],
    ['GET', '/v1/pod/hello-0/status'],
    ['POST', '/v1/pod/hello-0/replace'],
    ['POST', '/v1/pod/hello-0/pause'],
    ['GET', '/v1/endpoints'],
    ['GET', '/v1/configurations'],
    ['GET', '/v1/configurations/target'],
    ['GET', '/v1/state/frameworkId'],
  ])('%s %s is not there', async (method, path) => {
    const { get, post, stored } = await serving(leaving());
    const answer = await (method === 'GET' ? get(path) : post(path));
    expect(answer).toMatchObject({ status: 404, body: expect.stringContaining('is being uninstalled') });
    expect(stored).toEqual([]);
  });

  test('health is 318, and says why', async () => {
    const { get } = await serving(leaving());
    const { status, body } = await get('/v1/health?verbose=true');
    expect([status, JSON.parse(body).reasons[1]]).toEqual([
      318,
      'Priority 1. Status Code 318 is TRUE. The service is being uninstalled.',
    ]);
  });

  test('there is one plan, which takes commands', async () => {
    const { get, post } = await serving(leaving());
    expect((await get('/v1/plans')).body).toBe('["deploy"]');
    expect((await get('/v1/plans/deploy')).status).toBe(202);
    const forced = await post('/v1/plans/deploy/forceComplete?phase=deregister-service');
    expect(forced).toEqual(received('forceComplete for Plan: deploy, Phase: deregister-service, Step: null'));
  });

  test('it ends COMPLETE with 200', async () => {
    const { get } = await serving(leaving(true));
    const { status, body } = await get('/v1/plans/deploy');
    expect([status, JSON.parse(body).status]).toEqual([200, 'COMPLETE']);
    expect((await get('/v1/health')).status).toBe(318);
  });
});

test('what was said of the plan of another target is void', async () => {
  const intents = new Map([['deploy', { config: `${TARGET}0`, interrupted: true, phases: {}, steps: {} }]]);
  served = await serve(stateOf(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')], { intents }), FRAMEWORK));
  expect(JSON.parse((await served.get('/v1/plans/deploy')).body).status).toBe('IN_PROGRESS');
});
