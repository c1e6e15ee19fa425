import { afterEach, expect, test } from 'vitest';
import { healthOf } from '../../../runtime/api/bodies/health.ts';
import { type PhaseDraft, type PlanDraft, planOf } from '../../../runtime/core/plan/intent.ts';
import type { Plan, StepStatus } from '../../../runtime/core/plan/plan.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, TARGET, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

function phase(name: string, ...statuses: StepStatus[]): PhaseDraft {
  const steps = statuses.map((status, podIndex) => ({
    name: `p-${podIndex}`,
    status,
    pod: `p-${podIndex}`,
    podType: 'p',
    podIndex,
    interrupted: false,
    tasks: [],
    taskNames: [],
  }));
  return { name, strategy: 'serial', steps };
}

const plan = (draft: PlanDraft) => planOf(draft, new Map(), 'target');

function health(
  deploy: StepStatus[],
  recovery: StepStatus[],
  errors: string[] = [],
  frameworkId: string | undefined = FRAMEWORK,
  others: Plan[] = [],
) {
  const plans = [
    plan({ name: 'deploy', strategy: 'serial', phases: [phase('p', ...deploy)], errors }),
    plan({ name: 'recovery', strategy: 'parallel', phases: recovery.map((status, at) => phase(`r-${at}`, status)) }),
    ...others,
  ];
  return healthOf(plans, { frameworkId });
}

test.each<[string, StepStatus[], StepStatus[], number]>([
  ['everything runs', ['COMPLETE'], [], 200],
  ['a step is not begun', ['COMPLETE', 'PENDING'], [], 204],
  ['a step looks for a place', ['PREPARED'], [], 204],
  ['a step starts', ['COMPLETE', 'STARTING'], [], 202],
  ['a step is not ready', ['STARTED'], [], 202],
  ['pending counts more than starting', ['STARTING', 'PENDING'], [], 204],
  ['a step is held back', ['DELAYED', 'PENDING'], [], 208],
  ['a person must go on', ['COMPLETE', 'WAITING'], [], 207],
  ['a task is being recovered', ['COMPLETE'], ['STARTED'], 205],
  ['a lost task looks for a place', ['COMPLETE'], ['COMPLETE', 'PREPARED'], 203],
  ['a recovery is held back', ['COMPLETE'], ['DELAYED'], 208],
  ['a recovery is done', ['COMPLETE'], ['COMPLETE'], 200],
  ['deployment counts more than recovery', ['STARTING'], ['PENDING'], 202],
])('%s', (_, deploy, recovery, code) => expect(health(deploy, recovery).code).toBe(code));

test('errors come before all else, then the missing registration', () => {
  expect(health(['COMPLETE'], [], ['refused'], '').code).toBe(500);
  expect(health(['COMPLETE'], [], [], '').code).toBe(318);
});

test('the HTTP status is the message, the body repeats it', async () => {
  served = await serve(stateOf(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')])));
  expect(await served.get('/v1/health')).toMatchObject({ status: 318, body: '{"value": 318}' });
});

test('verbose gives one sentence a condition, always in the same order', async () => {
  const all = [
    taskRecord('hello', 0, 'TASK_RUNNING'),
    taskRecord('world', 0, 'TASK_RUNNING'),
    taskRecord('world', 1, 'TASK_RUNNING'),
  ];
  served = await serve(stateOf(helloWorld(all), FRAMEWORK));
  const { status, body } = await served.get('/v1/health?verbose=true');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({
    value: 200,
    reasons: [
      'Priority 1. Status Code 500 is FALSE. No errors found in plans.',
      `Priority 1. Status Code 318 is FALSE. Registered with Framework ID ${FRAMEWORK}.`,
      'Priority 2. Status Code 207 is FALSE. Service deploy plan does NOT need user input.',
      'Priority 1. Status Code 200 is TRUE. Service deploy plan is complete.',
      'Priority 2. Status Code 204 and 202 are both FALSE Steps: Total(3) Pending(0) Prepared(0) Starting(0) Started(0) Completed(3) Delayed(0)',
      'Priority 3. Status Code 206 is FALSE, Not implemented yet.',
      'Priority 4. Status Code 203 and 205 is FALSE. Recovery plan is complete.',
      'Priority 5. Status Code 320 is FALSE. No backup plans detected.',
      'Priority 5. Status Code 321 is FALSE. No restore plans detected.',
      'Priority 6. Status Code 326 is FALSE, Not implemented yet.',
    ],
  });
});

test('a stage that applies counts its steps', () => {
  const { reasons } = health(['COMPLETE', 'COMPLETE', 'STARTING'], []);
  expect(reasons[4]).toBe(
    'Priority 2. Status Code 202 is TRUE, Steps: Total(3) Pending(0) Prepared(0) Starting(1) Started(0) Completed(2) Delayed(0)',
  );
});

const onDemand = (name: string, status: StepStatus): Plan => {
  const run = { id: 'run', parameters: {} };
  const intents = new Map([[name, { config: 'target', run, phases: {}, steps: {} }]]);
  return planOf({ name, strategy: 'serial', phases: [phase('p', status)], onDemand: true }, intents, 'target');
};

test.each<[string, StepStatus, StepStatus, number]>([
  ['a backup runs', 'STARTED', 'COMPLETE', 320],
  ['a restore runs', 'COMPLETE', 'STARTING', 321],
  ['a restore counts more than a backup', 'STARTED', 'STARTED', 321],
  ['neither runs', 'COMPLETE', 'PENDING', 200],
])('%s in a deployed service', (_, backup, restore, code) => {
  const others = [onDemand('backup-s3', backup), onDemand('restore-s3', restore)];
  expect(health(['COMPLETE'], [], [], FRAMEWORK, others).code).toBe(code);
  expect(health(['STARTING'], [], [], FRAMEWORK, others).code).toBe(202);
});

test('plans of the author are named in the reasons', () => {
  const others = [onDemand('backup-s3', 'STARTED'), onDemand('restore-s3', 'PENDING')];
  const { reasons } = health(['COMPLETE'], [], [], FRAMEWORK, others);
  expect(reasons.slice(7, 9)).toEqual([
    'Priority 5. Status Code 320 is TRUE. Following backup plans running: backup-s3',
    'Priority 5. Status Code 321 is FALSE. Following restore plans not running: restore-s3',
  ]);
});

test('an operator holds the deployment: 207 once nothing else is to be done', async () => {
  const running = [taskRecord('hello', 0, 'TASK_RUNNING'), taskRecord('world', 0, 'TASK_RUNNING')];
  const intents = new Map([
    ['deploy', { config: TARGET, phases: {}, steps: { 'world/world-1:[server]': { interrupted: true } } }],
  ]);
  served = await serve(stateOf(helloWorld(running, { intents }), FRAMEWORK));
  expect((await served.get('/v1/health')).status).toBe(207);
});

test('a launch that is delayed is 208', async () => {
  const failed = { ...taskRecord('hello', 0, 'TASK_FAILED'), progress: { backoff: { failures: 1, until: 60_000 } } };
  served = await serve(stateOf(helloWorld([failed]), FRAMEWORK));
  expect((await served.get('/v1/health')).status).toBe(208);
});
