import { afterEach, expect, test } from 'vitest';
import { noEvaluations, remember } from '../../../runtime/core/offer/evaluation.ts';
import { explained } from '../../../runtime/core/offer/explanation.ts';
import type { PodSpec } from '../../../runtime/spec/service.ts';
import { typed } from '../cli/typed.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const refusals = [
  { agent: 'agent-1', need: 'cpus', wanted: '4', had: '1' },
  { agent: 'agent-1', need: 'placement hostname:UNIQUE', wanted: 'at most 1 of world on a host', had: 'world-1' },
  { agent: 'agent-3', need: 'cpus', wanted: '4', had: '2.5' },
];

function waiting() {
  const state = stateOf(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]), FRAMEWORK);
  state.session.subscription = 1;
  const why = explained(refusals, 1000);
  state.session.explanations.set('hello-world/deploy/world-0:[server]', why);
  const { evaluations } = state.session;
  remember(evaluations, {
    at: 500,
    plan: 'deploy',
    step: 'hello-0:[server]',
    outcome: { kind: 'placed', agent: 'agent-2' },
  });
  remember(evaluations, { at: 1000, plan: 'deploy', step: 'world-0:[server]', outcome: { kind: 'refused', why } });
  return state;
}

test('a pod that no agent has room for: what is missing, and agent by agent', async () => {
  served = await serve(waiting());
  const { status, body } = await served.get('/v1/pod/world-0/why');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    pod: 'world-0',
    steps: [
      {
        plan: 'deploy',
        step: 'world-0:[server]',
        status: 'PREPARED',
        askedAt: 1000,
        missing: [
          'needs 4 cpus, the most free is 2.5 on agent-3 (2 agents)',
          'hostname:UNIQUE excludes agent-1, which runs world-1',
        ],
        agents: [
          { agent: 'agent-1', text: 'needs 4 cpus, 1 free; hostname:UNIQUE excludes agent-1, which runs world-1' },
          { agent: 'agent-3', text: 'needs 4 cpus, 2.5 free' },
        ],
      },
    ],
  });
  const { out } = await typed(['why', 'world-0', '--url', served.url]);
  expect(out.replace(/asked \d+ s ago/, 'asked N s ago')).toBe(`world-0:[server] of plan deploy is PREPARED
  needs 4 cpus, the most free is 2.5 on agent-3 (2 agents)
  hostname:UNIQUE excludes agent-1, which runs world-1

  asked N s ago:
  agent-1  needs 4 cpus, 1 free; hostname:UNIQUE excludes agent-1, which runs world-1
  agent-3  needs 4 cpus, 2.5 free
`);
});

test.each([
  ['hello-0', 'hello-0 waits for nothing: all its steps are COMPLETE.\n'],
  ['world-1', 'world-1:[server] of plan deploy is PENDING\n  waits for its turn after world-0:[server]\n'],
])('why %s', async (pod, text) => {
  served = await serve(waiting());
  expect((await typed(['why', pod, '--url', served.url])).out).toBe(text);
});

test('while the scheduler is not connected, that is what all wait for', async () => {
  const state = waiting();
  state.session.subscription = 0;
  served = await serve(state);
  const { out } = await typed(['why', 'world-1', '--url', served.url]);
  expect(out).toContain('not connected to Mesos');
});

test('a gate of canaries is opened by its phase, and a plan that nobody started keeps no pod waiting', async () => {
  const state = waiting();
  const service = state.services.get('hello-world');
  state.session.explanations.clear();
  const phase = (name: string, strategy: 'serial' | 'serial-canary') => ({ name, pod: name, strategy });
  if (service)
    service.plans = [
      { name: 'deploy', strategy: 'serial', phases: [phase('hello', 'serial'), phase('world', 'serial-canary')] },
      { name: 'backup', strategy: 'serial', phases: [phase('hello', 'serial')] },
    ];
  served = await serve(state);
  const { out } = await typed(['why', 'world-0', '--url', served.url]);
  expect(out).toContain('mainstay plan resume deploy world');
  expect((await typed(['why', 'hello-0', '--url', served.url])).out).toContain('waits for nothing');
});

test('a pod whose task keeps failing: how it ended', async () => {
  const state = waiting();
  const failed = taskRecord('hello', 0, 'TASK_FAILED');
  failed.progress = { backoff: { failures: 2, until: 5000 } };
  if (failed.status) failed.status.message = 'Command exited with status 1';
  state.services.get('hello-world')?.tasks.set('hello-0-server', failed);
  served = await serve(state);
  const { out } = await typed(['why', 'hello-0', '--url', served.url]);
  expect(out).toMatch(/ended with TASK_FAILED \(Command exited with status 1\)/);
});

test('a task that was to end and did is no reason to wait', async () => {
  const state = waiting();
  const service = state.services.get('hello-world');
  const spec = service?.configs.get(service.targetId);
  if (!service || !spec) throw new Error('no service');
  const ending = (pod: PodSpec): PodSpec => ({
    ...pod,
    tasks: pod.tasks.map((task) => ({ ...task, goal: 'FINISH' })),
  });
  service.configs.set(service.targetId, { ...spec, pods: spec.pods.map(ending) });
  service.tasks.set('hello-0-server', taskRecord('hello', 0, 'TASK_FINISHED'));
  served = await serve(state);
  const { out } = await typed(['why', 'hello-0', '--url', served.url]);
  expect(out).toContain('PENDING');
  expect(out).not.toContain('TASK_FINISHED');
});

test('a pod that is not there', async () => {
  served = await serve(waiting());
  expect(await served.get('/v1/pod/moon-0/why')).toMatchObject({ status: 404, body: 'Pod moon-0 not found' });
  expect(await typed(['why', 'moon-0', '--url', served.url])).toMatchObject({ code: 1 });
});

test('the last evaluations, as data', async () => {
  served = await serve(waiting());
  const body = JSON.parse((await served.get('/v1/debug/offers')).body);
  expect(body).toMatchObject({ placed: 1, refused: 2, needs: { cpus: 2, 'placement hostname:UNIQUE': 1 } });
  expect(body.evaluations.map((one: { outcome: string }) => one.outcome)).toEqual(['placed', 'refused']);
});

test('the last evaluations, as the tools of the field read them', async () => {
  served = await serve(waiting());
  expect(JSON.parse((await served.get('/v2/debug/offers')).body)).toEqual({
    acceptedCount: 1,
    rejectedCount: 2,
    failureReasons: { ResourceEvaluationStage: 2, PlacementRuleEvaluationStage: 1 },
    rejectedAgents: { 'agent-1': 1, 'agent-3': 1 },
    offers: [
      {
        timestamp: 500,
        'pod-instance-name': 'hello-0:[server]',
        outcome: 'pass',
        explanation: ['PASS(OfferEvaluator): placed on agent-2'],
        offer: 'hostname: "agent-2"',
      },
      {
        timestamp: 1000,
        'pod-instance-name': 'world-0:[server]',
        outcome: 'fail',
        explanation: [
          'FAIL(ResourceEvaluationStage): cpus: wanted 4, had 1',
          'FAIL(PlacementRuleEvaluationStage): placement hostname:UNIQUE: wanted at most 1 of world on a host, had world-1',
        ],
        offer: 'hostname: "agent-1"',
      },
      {
        timestamp: 1000,
        'pod-instance-name': 'world-0:[server]',
        outcome: 'fail',
        explanation: ['FAIL(ResourceEvaluationStage): cpus: wanted 4, had 2.5'],
        offer: 'hostname: "agent-3"',
      },
    ],
  });
});

test('only the newest hundred evaluations are kept; all are counted', () => {
  const evaluations = noEvaluations();
  for (let at = 0; at < 250; at++) {
    remember(evaluations, { at, plan: 'deploy', step: 's', outcome: { kind: 'placed', agent: 'a' } });
  }
  expect([evaluations.newest.length, evaluations.newest[0]?.at, evaluations.placed]).toEqual([100, 150, 250]);
});
