/** What is asked of services in their states, so that every answer that is described is given once. */
import { defaultSettings, type Service, type State, type TaskRecord } from '../../../runtime/core/state.ts';
import type { PlanSpecs } from '../../../runtime/spec/service.ts';
import { described } from './document.ts';
import { FRAMEWORK, helloWorld, helloWorldSpec, stateOf, TARGET, taskRecord } from './hello-world.ts';

const running = () => {
  const hello = taskRecord('hello', 0, 'TASK_RUNNING', {
    discovery: {
      visibility: 'CLUSTER',
      ports: { ports: [{ number: 9042, name: 'native', protocol: 'tcp', visibility: 'EXTERNAL' }] },
    },
  });
  hello.info.labels?.labels?.push({ key: 'offer_zone', value: 'us-west-2a' });
  return hello;
};
const all = () => [running(), taskRecord('world', 0, 'TASK_RUNNING'), taskRecord('world', 1, 'TASK_RUNNING')];
const failed = (state: 'TASK_FAILED' | 'TASK_STAGING' | 'TASK_RUNNING', recovering = false) => {
  const record = {
    ...running(),
    progress: { reached: TARGET, ...(recovering ? { recovering: 'TRANSIENT' as const } : {}) },
  };
  const { status } = taskRecord('hello', 0, state);
  return status ? { ...record, status } : record;
};
const phase = { name: 'world', pod: 'world', strategy: 'serial' } as const;
const canary: PlanSpecs = [
  { name: 'deploy', strategy: 'serial', phases: [{ ...phase, strategy: 'serial-canary' }] },
  { name: 'backup', strategy: 'serial', phases: [phase] },
  { name: 'restore', strategy: 'serial', phases: [phase] },
];
const begun = (plan: string) => ({
  plans: canary,
  intents: new Map([[plan, { config: TARGET, phases: {}, steps: {}, run: { id: 'run', parameters: {} } }]]),
});
const started = (plan: string) => {
  const staging = taskRecord('world', 0, 'TASK_STAGING');
  return helloWorld(
    [
      running(),
      { ...staging, progress: { reached: TARGET, run: { id: 'run', done: false } } },
      taskRecord('world', 1, 'TASK_RUNNING'),
    ],
    begun(plan),
  );
};

function registered(records: readonly TaskRecord[], change: Partial<Service> = {}): State {
  return stateOf(helloWorld(records, change), FRAMEWORK);
}

/** With a template for an agent to fetch. */
function templated(): Partial<Service> {
  const spec = helloWorldSpec();
  const pods = spec.pods.map((pod) => ({
    ...pod,
    tasks: pod.tasks.map((task) => ({ ...task, configs: [{ name: 'motd', destination: 'motd', template: 'hello' }] })),
  }));
  return { configs: new Map([[TARGET, { ...spec, pods }]]) };
}

/** A service in each of its states, and what is asked of it: method, path, and what is sent. */
export const STORIES: Readonly<Record<string, readonly [() => State, readonly string[]]>> = {
  'on its way': [
    () =>
      registered([running(), taskRecord('world', 0, 'TASK_STAGING')], {
        properties: new Map([['file-motd', 'hello']]),
      }),
    [
      ...described
        .filter(({ method, path }) => method === 'get' && !path.includes('{') && path !== '/v1/events')
        .map(({ path }) => `GET ${path}`),
      'GET /v1/health?verbose=true',
      'GET /v1/metrics?pretty=true',
      'GET /v1/metrics/prometheus?name[]=revives',
      'POST /v1/metrics/prometheus',
      'GET /v1/plans/deploy',
      'GET /v1/plans/deploy?wait=x',
      'GET /v1/plan?wait=x',
      'GET /v1/plans/nope',
      'GET /v1/pod/hello-0/status',
      'GET /v1/pod/nope/status',
      'GET /v1/pod/hello-0/info',
      'GET /v1/pod/nope/info',
      'GET /v1/pod/world-1/why',
      'GET /v1/pod/nope/why',
      'GET /v1/endpoints/native',
      'GET /v1/endpoints/nope',
      `GET /v1/configurations/${TARGET}`,
      'GET /v1/configurations/nope',
      'GET /v1/configurations/c0ffee00-0000-4000-8000-00000000ffff',
      `GET /v1/artifacts/template/${TARGET}/hello/server/nope`,
      'GET /v1/artifacts/template/nope/hello/server/nope',
      'GET /v1/state/properties/file-motd',
      'GET /v1/state/properties/hello-0-server:task-status',
      'GET /v1/state/properties/nope',
      'GET /v1/state/files/motd',
      'GET /v1/state/files/nope',
      'GET /v1/state/zone/tasks/hello-0-server',
      'GET /v1/state/zone/tasks/nope',
      'GET /v1/state/zone/hello/10.0.0.7',
      'GET /v1/state/zone/hello/nope',
      'GET /v1/debug/plans?plan=nope',
      'GET /v1/state/tasks/info/hello-0-server',
      'GET /v1/state/tasks/info/nope',
      'GET /v1/state/tasks/status/hello-0-server',
      'GET /v1/state/tasks/status/nope',
      'GET /v1/tasks/connection/hello-0-server',
      'GET /v1/tasks/connection/nope',
      'PUT /v1/state/refresh',
      'PUT /v1/state/files/motd',
      'PUT /v1/state/files/motd form',
      'PUT /v1/state/files/motd form of something else',
      'POST /v1/plans/deploy/continue',
      'POST /v1/plan/continue',
    ],
  ],
  'with commands': [
    () => registered([running(), taskRecord('world', 0, 'TASK_STAGING')], { plans: canary }),
    [
      ...['/v1/plans/deploy', '/v1/plan'].flatMap((plan) => [
        `POST ${plan}/interrupt?phase=nope`,
        `POST ${plan}/continue?phase=nope`,
        `POST ${plan}/continue?phase=world`,
        `POST ${plan}/interrupt`,
        `POST ${plan}/interrupt`,
        `POST ${plan}/forceComplete?step=world-0:[server]`,
        `POST ${plan}/forceComplete?phase=world&step=nope`,
        `POST ${plan}/forceComplete?phase=world&step=world-0:[server]`,
        `POST ${plan}/forceComplete?phase=world&step=world-0:[server]`,
        `POST ${plan}/restart?step=world-0:[server]`,
        `POST ${plan}/restart?phase=nope`,
        `POST ${plan}/restart?phase=world&step=world-0:[server]`,
        `POST ${plan}/restart?phase=world&step=world-1:[server]`,
        `POST ${plan}/forceComplete`,
        `POST ${plan}/restart`,
        `POST ${plan}/restart`,
        `POST ${plan}/continue`,
      ]),
      'POST /v1/plans/backup/start {"NAME": "monday"}',
      'POST /v1/plans/backup/start {"a-b": ""}',
      'POST /v1/plans/backup/start text',
      'POST /v1/plans/nope/start',
      'POST /v1/plans/backup/stop',
      'POST /v1/plans/nope/stop',
      ...['restart', 'replace', 'pause', 'resume'].flatMap((verb) => [
        `POST /v1/pod/hello-0/${verb}`,
        `POST /v1/pod/nope/${verb}`,
      ]),
      'POST /v1/pod/hello-0/pause {',
      'POST /v1/pod/hello-0/resume {',
      'POST /v1/tasks/restart/hello-0-server?replace=true',
      'POST /v1/tasks/restart/hello-0-server?replace=nope',
      'POST /v1/tasks/restart/nope',
    ],
  ],
  'that is complete': [
    () => registered(all()),
    ['GET /v1/health', 'GET /v1/plans/deploy', 'GET /v1/plan', 'POST /v1/plan/continue'],
  ],
  'that waits for an operator': [() => registered([running()], { plans: canary }), ['GET /v1/health', 'GET /v1/plan']],
  'that was refused': [
    () => registered(all(), { errors: ['no'] }),
    ['GET /v1/health', 'GET /v1/plans/deploy', 'GET /v1/plan', 'GET /v1/plan/status'],
  ],
  'that recovers': [
    () => registered([failed('TASK_FAILED'), ...all().slice(1)]),
    ['GET /v1/health', 'GET /v1/recovery', 'GET /v1/plans/recovery', 'GET /v1/pod/hello-0/why'],
  ],
  'whose task starts again': [() => registered([failed('TASK_STAGING', true), ...all().slice(1)]), ['GET /v1/health']],
  'whose task fails again and again': [
    () =>
      registered([{ ...taskRecord('hello', 0, 'TASK_FAILED'), progress: { backoff: { failures: 2, until: 44_100 } } }]),
    ['GET /v1/health'],
  ],
  'that is not begun': [
    () => registered([]),
    ['GET /v1/health', 'GET /v1/pod', 'GET /v1/pod/status', 'GET /v1/plans/deploy'],
  ],
  'that is backed up': [() => stateOf(started('backup'), FRAMEWORK), ['GET /v1/health', 'GET /v1/plans/backup']],
  'that is restored': [() => stateOf(started('restore'), FRAMEWORK), ['GET /v1/health']],
  'that is all but up': [
    () =>
      registered(
        [running(), taskRecord('world', 0, 'TASK_RUNNING'), taskRecord('world', 1, 'TASK_STAGING')],
        templated(),
      ),
    ['GET /v1/health', `GET /v1/artifacts/template/${TARGET}/hello/server/motd`],
  ],
  'that Mesos does not know yet': [() => stateOf(helloWorld([])), ['GET /v1/health', 'GET /v1/state/frameworkId']],
  'without a cache': [
    () => ({ ...registered([]), settings: { ...defaultSettings, stateCache: false } }),
    ['PUT /v1/state/refresh'],
  ],
  'that is uninstalled': [
    () => registered([], { uninstall: 'on' }),
    ['GET /v1/health', 'GET /v1/plans', 'GET /v1/plans/deploy', 'GET /v1/openapi.json', 'GET /v1/metrics'],
  ],
};
