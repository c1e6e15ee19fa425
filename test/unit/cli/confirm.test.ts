import { afterEach, expect, test } from 'vitest';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from '../api/hello-world.ts';
import { answering } from './answering.ts';
import { typed } from './typed.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const REFUSED = 'mainstay: error: Nothing was done: there is no terminal to ask on. If it is meant, say --yes\n';

/** A service whose hello pod runs and whose world-0 is on its way. */
async function serving(): Promise<Served> {
  const records = [taskRecord('hello', 0, 'TASK_RUNNING'), taskRecord('world', 0, 'TASK_STAGING')];
  served = await serve(stateOf(helloWorld(records), FRAMEWORK));
  return served;
}

test.each([
  [
    'pod replace hello-0',
    'hello-0 gives up its place and starts anew. This ends:\n' +
      '- task hello-0-server on 10.0.0.7\n' +
      'It has no persistent volumes: no data is lost.\n',
  ],
  [
    'plan force-restart deploy',
    '"deploy" plan: these tasks end and are launched again in place, on their volumes, in the order of the plan:\n' +
      '- task hello-0-server on 10.0.0.7\n' +
      '- task world-0-server on 10.0.0.7\n',
  ],
  [
    'plan restart deploy hello hello-0:[server]',
    '"deploy" plan: step "hello-0:[server]" in phase "hello": these tasks end and are launched again in place, on their ' +
      'volumes, in the order of the plan:\n- task hello-0-server on 10.0.0.7\n',
  ],
  [
    'plan stop deploy',
    '"deploy" plan: these tasks end and are launched again in place, on their volumes, once "deploy" is resumed:\n' +
      '- task hello-0-server on 10.0.0.7\n' +
      '- task world-0-server on 10.0.0.7\n',
  ],
  [
    'update force-restart world',
    '"deploy" plan: phase "world": these tasks end and are launched again in place, on their volumes, in the order of the ' +
      'plan:\n- task world-0-server on 10.0.0.7\n',
  ],
])('%s says what ends; without a terminal and without --yes nothing is done', async (line, says) => {
  const { url, stored } = await serving();
  expect(await typed([...line.split(' '), '--url', url])).toEqual({ code: 2, out: '', err: says + REFUSED });
  expect(stored).toEqual([]);
  const agreed = await typed([...line.split(' '), '--yes', '--url', url]);
  expect([agreed.code, agreed.err]).toEqual([0, says]);
  expect(stored).not.toEqual([]);
});

test.each(['plan force-restart deploy world', 'plan stop deploy', 'plan stop recovery'])(
  '%s does not ask when nothing that it is about is alive',
  async (line) => {
    served = await serve(stateOf(helloWorld([taskRecord('hello', 0, 'TASK_FAILED')]), FRAMEWORK));
    const { code, err } = await typed([...line.split(' '), '--url', served.url]);
    expect(err).not.toContain('--yes');
    expect(code).not.toBe(2);
  },
);

test('plan start asks when the plan is COMPLETE and what it launched runs: that would be launched anew', async () => {
  const running = [
    taskRecord('hello', 0, 'TASK_RUNNING'),
    ...[0, 1].map((at) => taskRecord('world', at, 'TASK_RUNNING')),
  ];
  served = await serve(stateOf(helloWorld(running), FRAMEWORK));
  const { code, err } = await typed(['plan', 'start', 'deploy', '--url', served.url]);
  expect([code, err]).toEqual([2, expect.stringContaining('- task world-1-server on 10.0.0.7\n')]);
  expect(served.stored).toEqual([]);
});

test('force-complete asks only where something would be left behind', async () => {
  const step = { id: 'c4b4d5a2-7ad1-4f5f-a7a1-0f1d7c6b8e33', name: 'unreserve-v1', status: 'PREPARED' };
  const plan = { phases: [{ id: 'p', name: 'data-3', steps: [step] }], status: 'IN_PROGRESS' };
  const { url, asked } = await answering(({ method }) => ({ body: method === 'GET' ? plan : { message: 'done' } }));
  for (const name of [step.name, step.id]) {
    expect(await typed(['plan', 'force', 'decommission', 'data-3', name, '--url', url])).toEqual({
      code: 2,
      out: '',
      err: `What this was to remove stays on its agent, and the scheduler forgets it:\n- unreserve-v1\n${REFUSED}`,
    });
  }
  expect(asked.map(({ method }) => method)).not.toContain('POST');
});

test('pod replace names each volume once, also those that the tasks of the pod share, and no task that has ended', async () => {
  const volume = (id: string, containerPath: string) => ({
    scalar: { value: 10 },
    disk: { persistence: { id }, volume: { containerPath } },
  });
  const executor = { resources: [{ scalar: { value: 0.1 } }, volume('v3', 'shared')] };
  const labels = { labels: [{ key: 'offer_hostname', value: 'agent-1' }] };
  const task = (name: string, resources: object[], state: string) => ({
    info: { name, labels, executor, resources },
    status: { state },
  });
  const body = [
    task('data-0-node', [volume('v1', 'data'), volume('v2', 'log')], 'TASK_RUNNING'),
    task('data-0-init', [], 'TASK_FINISHED'),
  ];
  const { url } = await answering(() => ({ body }));
  const { err } = await typed(['pod', 'replace', 'data-0', '--url', url]);
  expect(err.split('\n').filter((line) => line.startsWith('- '))).toEqual([
    '- task data-0-node on agent-1',
    '- volume data of data-0-node on agent-1, 10 MB, with ALL ITS DATA',
    '- volume log of data-0-node on agent-1, 10 MB, with ALL ITS DATA',
    '- volume shared of data-0 on agent-1, 10 MB, with ALL ITS DATA',
  ]);
});

test('where many pods are concerned, the first are named and the others counted', async () => {
  const names = Array.from({ length: 23 }, (_, at) => `data-${at}`);
  const steps = names.map((name) => ({ id: name, name: `${name}:[node]`, status: 'COMPLETE' }));
  const tasks = (name: string) => [{ id: name, name: `${name}-node`, status: 'RUNNING' }];
  const instances = names.map((name) => ({ name, tasks: tasks(name) }));
  const { url, asked } = await answering(({ path }) => {
    if (path.startsWith('/v1/plans')) return { body: { phases: [{ id: 'p', name: 'data', steps }] } };
    if (path === '/v1/pod/status') return { body: { service: 's', pods: [{ name: 'data', instances }] } };
    return { body: [] };
  });
  const { code, err } = await typed(['plan', 'restart', 'deploy', '--url', url]);
  expect(code).toBe(2);
  expect(err).toContain('- task data-19-node on its agent\n- and those of 3 more pods\n');
  expect(asked.filter(({ path }) => path.endsWith('/info'))).toHaveLength(20);
});
