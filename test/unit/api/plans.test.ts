import { afterEach, expect, test } from 'vitest';
import { explained } from '../../../runtime/core/offer/explanation.ts';
import type { Service } from '../../../runtime/core/state.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

async function serving(service: Service): Promise<Served> {
  served = await serve(stateOf(service, FRAMEWORK));
  return served;
}

const message = (name: string, id: string, status: string) =>
  `com.mesosphere.sdk.scheduler.plan.DeploymentStep: ${name} [${id}] with status: ${status}`;

test('the plans are listed in the order of precedence', async () => {
  const { get } = await serving(helloWorld([]));
  const type = 'application/json; charset=utf-8';
  expect(await get('/v1/plans')).toEqual({ status: 200, type, body: '[\n  "deploy",\n  "recovery"\n]' });
});

test('a plan on its way is 202 and shows every phase and step', async () => {
  const { get } = await serving(
    helloWorld([taskRecord('hello', 0, 'TASK_RUNNING'), taskRecord('world', 0, 'TASK_STAGING')]),
  );
  const { status, body } = await get('/v1/plans/deploy');
  expect(status).toBe(202);
  expect(body).toBe(`{
  "phases" : [ {
    "id" : "2bb7c068-4728-5250-a680-0de19a9dd09f",
    "name" : "hello",
    "steps" : [ {
      "id" : "5f0dcf10-ef30-5aad-84a0-9f19dce1e288",
      "name" : "hello-0:[server]",
      "status" : "COMPLETE",
      "message" : "${message('hello-0:[server]', '5f0dcf10-ef30-5aad-84a0-9f19dce1e288', 'COMPLETE')}"
    } ],
    "strategy" : "serial",
    "status" : "COMPLETE"
  }, {
    "id" : "263ffbef-293d-5a82-8c7e-ae06ff9cccaa",
    "name" : "world",
    "steps" : [ {
      "id" : "9279f5f7-9072-5890-8c34-cec51efe20ea",
      "name" : "world-0:[server]",
      "status" : "STARTING",
      "message" : "${message('world-0:[server]', '9279f5f7-9072-5890-8c34-cec51efe20ea', 'STARTING')}"
    }, {
      "id" : "e0cd531a-805a-5534-959a-8618115108e7",
      "name" : "world-1:[server]",
      "status" : "PENDING",
      "message" : "${message('world-1:[server]', 'e0cd531a-805a-5534-959a-8618115108e7', 'PENDING')}"
    } ],
    "strategy" : "serial",
    "status" : "STARTING"
  } ],
  "errors" : [ ],
  "strategy" : "serial",
  "status" : "IN_PROGRESS"
}`);
});

test('a complete plan is 200, an empty recovery plan too', async () => {
  const all = [
    taskRecord('hello', 0, 'TASK_RUNNING'),
    taskRecord('world', 0, 'TASK_RUNNING'),
    taskRecord('world', 1, 'TASK_RUNNING'),
  ];
  const { get } = await serving(helloWorld(all));
  expect((await get('/v1/plans/deploy')).status).toBe(200);
  expect(await get('/v1/plans/recovery')).toMatchObject({
    status: 200,
    body: '{\n  "phases" : [ ],\n  "errors" : [ ],\n  "strategy" : "parallel",\n  "status" : "COMPLETE"\n}',
  });
});

test('a refused configuration makes the deploy plan 417, with all of its body', async () => {
  const errors = ["Field: 'name'; Value: 'x'; Message: 'no'; Fatal: false"];
  const { get } = await serving(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')], { errors }));
  const { status, body } = await get('/v1/plans/deploy');
  expect(status).toBe(417);
  expect(JSON.parse(body)).toMatchObject({ errors, status: 'ERROR', phases: [{ name: 'hello' }, { name: 'world' }] });
});

test('an unknown plan is 404', async () => {
  const { get } = await serving(helloWorld([]));
  const type = 'text/plain; charset=utf-8';
  expect(await get('/v1/plans/backup')).toEqual({ status: 404, type, body: 'Plan backup not found' });
});

test('a recovery step says what kind of recovery it is', async () => {
  const failed = {
    ...taskRecord('hello', 0, 'TASK_FAILED'),
    progress: { reached: 'c0ffee00-0000-4000-8000-000000000001' },
  };
  const { get } = await serving(helloWorld([failed]));
  const { phases } = JSON.parse((await get('/v1/plans/recovery')).body);
  expect(phases[0].name).toBe('hello-0:[server]');
  expect(phases[0].steps[0].message).toMatch(
    /RecoveryStep: hello-0:\[server\] \[.*\] with status: PENDING RecoveryType: TRANSIENT$/,
  );
});

test.each([
  [
    'has none for want of cpus',
    [{ agent: 'agent-1', need: 'cpus', wanted: '4', had: '2.5' }],
    'no place yet: agent-1: cpus: wanted 4, had 2.5',
  ],
  ['was offered nothing', [], 'waits for offers'],
])('a step that looks for a place and %s says so', async (_, reasons, why) => {
  const state = stateOf(helloWorld([]), FRAMEWORK);
  state.session.explanations.set('hello-world/deploy/hello-0:[server]', explained(reasons, 0));
  served = await serve(state);
  const { phases } = JSON.parse((await served.get('/v1/plans/deploy')).body);
  expect(phases[0].steps[0]).toMatchObject({
    status: 'PREPARED',
    message: expect.stringContaining(`with status: PREPARED (${why})`),
  });
});
