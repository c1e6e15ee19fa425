import { afterEach, describe, expect, test } from 'vitest';
import type { Override, TaskRecord } from '../../../runtime/core/state.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

async function serving(...records: TaskRecord[]): Promise<Served> {
  served = await serve(stateOf(helloWorld(records), FRAMEWORK));
  return served;
}

const stray = (name: string): TaskRecord => ({
  ...taskRecord('x', 0, 'TASK_RUNNING', { name, labels: { labels: [] } }),
});

test('instances are listed in the order of texts, unreadable tasks last', async () => {
  const { get } = await serving(stray('odd'), taskRecord('hello', 2, undefined), taskRecord('hello', 10, undefined));
  expect((await get('/v1/pod')).body).toBe('[\n  "hello-10",\n  "hello-2",\n  "UNKNOWN_POD_odd"\n]');
});

test('before the first launch there is nothing', async () => {
  const { get } = await serving();
  expect(await get('/v1/pod')).toMatchObject({ status: 200, body: '[]' });
  expect(await get('/v1/pod/status')).toMatchObject({ status: 200, body: '{"service": "hello-world"}' });
});

test('the status of all pods', async () => {
  const { get } = await serving(taskRecord('hello', 0, 'TASK_RUNNING'));
  expect(await get('/v1/pod/status')).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
    body: `{
  "service": "hello-world",
  "pods": [{
    "name": "hello",
    "instances": [{
      "name": "hello-0",
      "tasks": [{
        "id": "hello-world__hello-0-server__35c0d2a7-5f0c-4a0e-9a7a-9be0f5a60b00",
        "name": "hello-0-server",
        "status": "RUNNING"
      }]
    }]
  }]
}`,
  });
});

test('types are in name order, instances in order of their numbers, unreadable tasks in a pod of their own', async () => {
  const records = [
    taskRecord('world', 10, undefined),
    taskRecord('world', 2, undefined),
    taskRecord('hello', 0, undefined),
  ];
  const { get } = await serving(stray('odd'), ...records);
  const { pods } = JSON.parse((await get('/v1/pod/status')).body);
  const names = pods.map((pod: { instances: { name: string }[] }) => pod.instances.map((instance) => instance.name));
  expect(names).toEqual([['UNKNOWN_POD-0'], ['hello-0'], ['world-2', 'world-10']]);
});

test('a task of which Mesos never said anything has no status', async () => {
  const { get } = await serving(taskRecord('hello', 0, undefined));
  const { tasks } = JSON.parse((await get('/v1/pod/hello-0/status')).body);
  expect(tasks).toEqual([{ id: expect.stringContaining('hello-0-server'), name: 'hello-0-server' }]);
});

test('info is TaskInfo and TaskStatus with the names of the field', async () => {
  const { get } = await serving(taskRecord('hello', 0, 'TASK_RUNNING'));
  const { status, body } = await get('/v1/pod/hello-0/info');
  expect(status).toBe(200);
  expect(body).toBe(`[ {
  "info" : {
    "name" : "hello-0-server",
    "taskId" : {
      "value" : "hello-world__hello-0-server__35c0d2a7-5f0c-4a0e-9a7a-9be0f5a60b00"
    },
    "slaveId" : {
      "value" : "4f7a1f5e-0d2f-4b8e-8df0-5a0d6b2f0c11-S2"
    },
    "resources" : [ {
      "name" : "cpus",
      "type" : "SCALAR",
      "scalar" : {
        "value" : 0.1
      }
    } ],
    "command" : {
      "value" : "sleep 1000",
      "environment" : {
        "variables" : [ {
          "name" : "TASK_NAME",
          "value" : "hello-0-server"
        } ]
      }
    },
    "labels" : {
      "labels" : [ {
        "key" : "index",
        "value" : "0"
      }, {
        "key" : "offer_hostname",
        "value" : "10.0.0.7"
      }, {
        "key" : "target_configuration",
        "value" : "c0ffee00-0000-4000-8000-000000000001"
      }, {
        "key" : "task_type",
        "value" : "hello"
      } ]
    }
  },
  "status" : {
    "taskId" : {
      "value" : "hello-world__hello-0-server__35c0d2a7-5f0c-4a0e-9a7a-9be0f5a60b00"
    },
    "state" : "TASK_RUNNING"
  }
} ]`);
});

test('info of a task without a status has null for it', async () => {
  const { get } = await serving(taskRecord('hello', 0, undefined));
  expect(JSON.parse((await get('/v1/pod/hello-0/info')).body)[0].status).toBeNull();
});

test.each(['restart', 'replace'])('%s answers with the tasks it ends, once that is stored', async (verb) => {
  const { post, stored } = await serving(taskRecord('hello', 0, 'TASK_RUNNING'));
  const answer = await post(`/v1/pod/hello-0/${verb}`, 'ignored');
  expect(answer).toMatchObject({ status: 200, body: '{\n  "pod": "hello-0",\n  "tasks": ["hello-0-server"]\n}' });
  expect(stored).toContainEqual(expect.objectContaining({ kind: 'progress', task: 'hello-0-server' }));
  const marked = stored.some(
    (write) => write.kind === 'task-info' && JSON.stringify(write.info).includes('permanently-failed'),
  );
  expect(marked).toBe(verb === 'replace');
});

test.each([
  ['GET', '/v1/pod/hello-7/status'],
  ['GET', '/v1/pod/hello-7/info'],
  ['POST', '/v1/pod/hello-7/restart'],
  ['POST', '/v1/pod/hello-7/replace'],
  ['POST', '/v1/pod/hello-7/pause'],
  ['POST', '/v1/pod/hello-7/resume'],
])('%s %s is 404', async (method, path) => {
  const { get, post } = await serving(taskRecord('hello', 0, 'TASK_RUNNING'));
  const answer = await (method === 'GET' ? get(path) : post(path));
  expect(answer).toEqual({ status: 404, type: 'text/plain; charset=utf-8', body: 'Pod hello-7 not found' });
});

/** A pod instance of two tasks. */
function pair(override?: Override): TaskRecord[] {
  return ['server', 'sidecar'].map((task) => ({
    ...taskRecord('hello', 0, 'TASK_RUNNING', { name: `hello-0-${task}` }),
    ...(override ? { override } : {}),
  }));
}

const overridesOf = (stored: Served['stored']) =>
  stored.flatMap((write) => (write.kind === 'override' ? [[write.task, write.override?.goal]] : []));

test.each([
  ['no body', undefined, ['hello-0-server', 'hello-0-sidecar']],
  ['a blank body', ' \n', ['hello-0-server', 'hello-0-sidecar']],
  ['a short name', '["sidecar"]', ['hello-0-sidecar']],
  ['full names', '["hello-0-server", "hello-0-sidecar"]', ['hello-0-server', 'hello-0-sidecar']],
])('%s pauses and resumes those tasks', async (_, body, tasks) => {
  const { post, stored } = await serving(...pair());
  for (const verb of ['pause', 'resume']) {
    const answer = await post(`/v1/pod/hello-0/${verb}`, body);
    expect(JSON.parse(answer.body)).toEqual({ pod: 'hello-0', tasks });
  }
  expect(overridesOf(stored)).toEqual(['PAUSED', 'NONE'].flatMap((goal) => tasks.map((task) => [task, goal])));
});

test.each(['{', '{"server": true}', '[1]', '"server"'])('%s names no tasks: 400, and nothing is done', async (body) => {
  const { post, stored } = await serving(...pair());
  expect(await post('/v1/pod/hello-0/pause', body)).toEqual({ status: 400, type: null, body: '' });
  expect(stored).toEqual([]);
});

test('one unknown task among known ones: 404, and nothing is done', async () => {
  const { post, stored } = await serving(...pair());
  const answer = await post('/v1/pod/hello-0/pause', '["server", "nope"]');
  expect(answer).toMatchObject({ status: 404, body: 'Pod hello-0 not found' });
  expect(stored).toEqual([]);
});

test.each<[Override['goal'], Override['status'], string]>([
  ['PAUSED', 'PENDING', 'PAUSING'],
  ['PAUSED', 'IN_PROGRESS', 'PAUSING'],
  ['PAUSED', 'COMPLETE', 'PAUSED'],
  ['NONE', 'PENDING', 'STARTING'],
  ['NONE', 'IN_PROGRESS', 'STARTING'],
  ['DECOMMISSIONED', 'PENDING', 'DECOMMISSIONING'],
  ['DECOMMISSIONED', 'IN_PROGRESS', 'DECOMMISSIONING'],
  ['DECOMMISSIONED', 'COMPLETE', 'DECOMMISSIONED'],
])('a task on its way to %s, %s, shows %s', async (goal, status, shown) => {
  const { get } = await serving({ ...taskRecord('hello', 0, 'TASK_RUNNING'), override: { goal, status } });
  expect(JSON.parse((await get('/v1/pod/hello-0/status')).body).tasks[0].status).toBe(shown);
});

describe('the step of a pod instance', () => {
  const stepOf = async ({ get }: Served, plan: string) => {
    const { phases } = JSON.parse((await get(`/v1/plans/${plan}`)).body);
    return { phase: phases[0].status, ...phases[0].steps[0] };
  };
  const paused = { goal: 'PAUSED', status: 'COMPLETE' } as const;

  test('is PAUSED when it is complete and all its tasks are paused; its phase keeps its own status', async () => {
    const step = await stepOf(await serving(...pair(paused)), 'deploy');
    expect(step).toMatchObject({ status: 'PAUSED', phase: 'COMPLETE' });
    expect(step.message).toMatch(/with status: COMPLETE \(display:PAUSED\)$/);
  });

  test('is PAUSING while they are relaunched', async () => {
    const relaunched = pair(paused).map((record) => ({
      ...record,
      progress: { ...record.progress, recovering: 'TRANSIENT' as const },
    }));
    const step = await stepOf(await serving(...relaunched), 'recovery');
    expect(step).toMatchObject({ status: 'PAUSING', phase: 'STARTED' });
    expect(step.message).toMatch(/with status: STARTED \(display:PAUSING\) RecoveryType: TRANSIENT$/);
  });

  test('keeps its status when only some of its tasks are paused', async () => {
    const [server] = pair(paused);
    const [, sidecar] = pair();
    const step = await stepOf(await serving(server as TaskRecord, sidecar as TaskRecord), 'deploy');
    expect(step).toMatchObject({ status: 'COMPLETE', message: expect.stringMatching(/COMPLETE$/) });
  });
});
