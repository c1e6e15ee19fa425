/** The service of the field's examples (a `hello` pod that runs, two `world` pods on their way) behind a real scheduler and API. */

import type { RequestHandler } from 'express';
import { createApi } from '../../../runtime/api/app.ts';
import { listen } from '../../../runtime/api/listen.ts';
import type { Note, Write } from '../../../runtime/core/effect.ts';
import {
  defaultSettings,
  emptyService,
  newSession,
  type Service,
  type State,
  type TaskRecord,
} from '../../../runtime/core/state.ts';
import type { TaskState } from '../../../runtime/kit/mesos.ts';
import { createMachine } from '../../../runtime/loop/machine.ts';
import { runScheduler, type Scheduler } from '../../../runtime/loop/run.ts';
import { newMetrics, snapshotOf } from '../../../runtime/metrics/metrics.ts';
import { printed } from '../../../runtime/metrics/printed.ts';
import type { PodSpec, ServiceSpec } from '../../../runtime/spec/service.ts';
import { plainPod, plainSet, plainTask } from '../../support/plain.ts';

export const TARGET = 'c0ffee00-0000-4000-8000-000000000001';
export const FRAMEWORK = '4f7a1f5e-0d2f-4b8e-8df0-5a0d6b2f0c11-0001';

function podSpec(type: string, count: number): PodSpec {
  const volumes = [{ type: 'ROOT', containerPath: `${type}-data`, sizeMb: 25 }] as const;
  return {
    type,
    ...plainPod,
    user: 'nobody',
    count,
    allowDecommission: false,
    tasks: [
      {
        name: 'server',
        goal: 'RUNNING',
        essential: true,
        resourceSet: { id: 'server-resource-set', cpus: 100, memoryMb: 32, ...plainSet, volumes },
        command: 'sleep 1000',
        ...plainTask,
        environment: { SLEEP_DURATION: '1000' },
        killGracePeriodSeconds: 0,
      },
    ],
  };
}

export function helloWorldSpec(): ServiceSpec {
  return {
    name: 'hello-world',
    role: 'hello-world-role',
    principal: 'hello-world-principal',
    user: 'nobody',
    zookeeper: 'master.mesos:2181',
    pods: [podSpec('hello', 1), podSpec('world', 2)],
  };
}

/** A task as launched under the target; `state` is what Mesos said last, and a task that runs has reached its goal. */
export function taskRecord(
  type: string,
  index: number,
  state: TaskState | undefined,
  change: Partial<TaskRecord['info']> = {},
): TaskRecord {
  const name = `${type}-${index}-server`;
  const task_id = { value: `hello-world__${name}__35c0d2a7-5f0c-4a0e-9a7a-9be0f5a60b0${index}` };
  return {
    info: {
      name,
      task_id,
      agent_id: { value: '4f7a1f5e-0d2f-4b8e-8df0-5a0d6b2f0c11-S2' },
      resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } }],
      command: { value: 'sleep 1000', environment: { variables: [{ name: 'TASK_NAME', value: name }] } },
      labels: {
        labels: [
          { key: 'index', value: String(index) },
          { key: 'offer_hostname', value: '10.0.0.7' },
          { key: 'target_configuration', value: TARGET },
          { key: 'task_type', value: type },
        ],
      },
      ...change,
    },
    ...(state ? { status: { task_id, state } } : {}),
    progress: state === 'TASK_RUNNING' ? { reached: TARGET } : {},
  };
}

export function helloWorld(records: readonly TaskRecord[], change: Partial<Service> = {}): Service {
  return {
    ...emptyService('hello-world'),
    targetId: TARGET,
    configs: new Map([[TARGET, helloWorldSpec()]]),
    tasks: new Map(records.map((record) => [record.info.name, record])),
    ...change,
  };
}

export function stateOf(service: Service, frameworkId?: string): State {
  return {
    settings: defaultSettings,
    ...(frameworkId ? { frameworkId } : {}),
    services: new Map([[service.name, service]]),
    session: newSession(),
  };
}

/** Of a scheduler that has counted nothing yet. */
export const metrics = printed(async () =>
  snapshotOf(
    newMetrics(() => 0),
    new Map(),
  ),
);

export interface Served {
  readonly url: string;
  readonly scheduler: Scheduler;
  /** What was stored since the start. */
  readonly stored: readonly Write[];
  readonly notes: readonly Note[];
  get(path: string): Promise<{ status: number; type: string | null; body: string }>;
  /** With a body, its type; `fetch` says `text/plain` otherwise. */
  post(
    path: string,
    body?: string,
    contentType?: string,
  ): Promise<{ status: number; type: string | null; body: string }>;
  close(): Promise<void>;
}

/** Uuids that count up: `00000000-0000-4000-8000-000000000001`, ... */
export function countedIds(): () => string {
  let next = 1;
  return () => `00000000-0000-4000-8000-${String(next++).padStart(12, '0')}`;
}

/** Serves a state through the real loop, without a master: it never gets a connection, and every commit succeeds. */
export async function serve(state: State, guard?: readonly RequestHandler[]): Promise<Served> {
  const [stored, notes]: [Write[], Note[]] = [[], []];
  const machine = createMachine({ state, newId: countedIds(), random: () => 0 }, 0);
  const scheduler = runScheduler(machine, {
    clock: () => 0,
    commit: async (writes) => void stored.push(...writes),
    load: async () => structuredClone(state.services.get('hello-world')),
    connect: () => ({ send: () => {}, close: () => {} }),
    fulfil: async () => {},
    note: (note) => void notes.push(note),
    exit: (code, message) => {
      throw new Error(`exit ${code}: ${message}`);
    },
  });
  const app = createApi(scheduler, 'hello-world', {
    note: (note) => void notes.push(note),
    metrics,
    log: () => 'a line of the log\n',
    ...(guard ? { guard } : {}),
  });
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}`;
  const ask = async (method: string, path: string, body?: string, contentType?: string) => {
    const headers: Record<string, string> = contentType ? { 'content-type': contentType } : {};
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  return {
    url,
    scheduler,
    stored,
    notes,
    get: (path) => ask('GET', path),
    post: (path, body, contentType) => ask('POST', path, body, contentType),
    close: async () => {
      scheduler.stop();
      await close();
    },
  };
}
