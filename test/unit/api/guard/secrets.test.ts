/** No answer of the API has a secret in it, on whatever route. */
import { afterEach, expect, test } from 'vitest';
import { ROUTES } from '../../../../runtime/api/routes.ts';
import { defaultSettings } from '../../../../runtime/core/state.ts';
import type { ServiceSpec } from '../../../../runtime/spec/service.ts';
import {
  FRAMEWORK,
  helloWorld,
  helloWorldSpec,
  type Served,
  serve,
  stateOf,
  TARGET,
  taskRecord,
} from '../hello-world.ts';

const [PASSWORD, PIN, GIVEN] = ['correct-horse-battery', 'pin-of-the-admin', 'given-to-the-scheduler'];
const OLD = 'c0ffee00-0000-4000-8000-000000000002';

let served: Served | undefined;
afterEach(() => served?.close());

/** Every task has a password, a marked variable, and a command with what the scheduler was given. */
function withSecrets(spec: ServiceSpec, suffix = ''): ServiceSpec {
  const pods = spec.pods.map((pod) => ({
    ...pod,
    tasks: pod.tasks.map((task) => ({
      ...task,
      command: `run --key ${GIVEN}`,
      environment: { ...task.environment, DB_PASSWORD: PASSWORD + suffix, ADMIN_PIN: PIN },
    })),
  }));
  return { ...spec, pods, maskedEnv: ['ADMIN_PIN'] };
}

async function start() {
  const command = {
    value: `run --key ${GIVEN} --password ${PASSWORD}`,
    uris: [{ value: `https://bob:hunter2@files.example.com/${PASSWORD}` }],
    environment: {
      variables: [
        { name: 'DB_PASSWORD', value: PASSWORD },
        { name: 'ADMIN_PIN', value: PIN },
        { name: 'HEAP', value: '1g' },
      ],
    },
  };
  const record = taskRecord('hello', 0, 'TASK_RUNNING', { command, health_check: { type: 'COMMAND', command } });
  const configs = new Map([
    [TARGET, withSecrets(helloWorldSpec())],
    [OLD, withSecrets(helloWorldSpec(), '-old')],
  ]);
  const state = stateOf(helloWorld([record], { configs }), FRAMEWORK);
  served = await serve({ ...state, settings: { ...defaultSettings, secretTexts: [GIVEN] } });
  return { served, record };
}

const SECRET = new RegExp([PASSWORD, PIN, GIVEN, 'hunter2'].join('|'));
const NAMES = ['hello-0', 'hello-0-server', 'deploy', TARGET, OLD, 'hello-0-server:task-status'];

test('every route, asked for everything there is', async () => {
  const { served } = await start();
  const paths = ROUTES.filter(({ method }) => method === 'GET').flatMap(({ path }) =>
    path.includes(':') ? NAMES.map((name) => path.replaceAll(/:\w+/g, encodeURIComponent(name))) : [path],
  );
  const answers = await Promise.all(paths.map(async (path) => ({ path, ...(await served.get(path)) })));
  expect(answers.filter(({ body }) => SECRET.test(body)).map(({ path }) => path)).toEqual([]);
  const masked = answers.filter(({ body }) => body.includes('********')).map(({ path }) => path);
  expect(masked).toEqual(
    expect.arrayContaining(['/v1/pod/hello-0/info', '/v1/configurations/target', `/v1/configurations/${OLD}`]),
  );
});

test('the page is told that a secret changed, not to what', async () => {
  const { served } = await start();
  const leave = new AbortController();
  const response = await fetch(`${served.url}/v1/events`, { signal: leave.signal });
  let told = '';
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    told += piece;
    if (told.includes('DB_PASSWORD')) break;
  }
  leave.abort();
  expect(told).toContain('"path":"pods.hello.tasks.server.environment.DB_PASSWORD","from":"********","to":"********"');
  expect(told).not.toMatch(SECRET);
});

test('what else a task is made of is shown as it is, and the task itself keeps its secrets', async () => {
  const { served, record } = await start();
  const [{ info }] = JSON.parse((await served.get('/v1/pod/hello-0/info')).body);
  expect(info.taskId).toEqual(record.info.task_id);
  expect(info.command).toEqual({
    value: 'run --key ******** --password ********',
    uris: [{ value: 'https://bob:********@files.example.com/********' }],
    environment: {
      variables: [
        { name: 'DB_PASSWORD', value: '********' },
        { name: 'ADMIN_PIN', value: '********' },
        { name: 'HEAP', value: '1g' },
      ],
    },
  });
  expect(record.info.command?.environment?.variables?.[0]?.value).toBe(PASSWORD);
});
