/** A framework of a few lines: subscribes over HTTP, acknowledges everything, and lets a test wait for what it heard. */

import type { Offer, Resource, TaskInfo, TaskStatus } from '../../../runtime/kit/mesos.ts';
import type { Call, FrameworkInfo, MesosEvent, OfferOperation } from '../../../runtime/kit/mesos-call.ts';
import { decodeEvent } from '../../../runtime/mesos/codec.ts';
import { recordDecoder } from '../../../runtime/mesos/recordio.ts';
import { until } from './process-kit.ts';

const info: FrameworkInfo = {
  user: 'root',
  name: 'test',
  roles: ['test-role'],
  principal: 'test',
  failover_timeout: 3600,
  checkpoint: true,
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'RESERVATION_REFINEMENT' }],
};

export interface Client {
  readonly frameworkId: string;
  readonly events: MesosEvent[];
  call(call: Call): Promise<void>;
  /** The newest offer of an agent that holds any resource that `wanted` accepts. */
  offer(wanted: (resource: Resource) => boolean): Promise<Offer>;
  status(taskId: string, state: TaskStatus['state']): Promise<TaskStatus>;
  leave(): void;
}

export async function subscribe(url: string, frameworkId?: string): Promise<Client> {
  const id = frameworkId === undefined ? {} : { id: { value: frameworkId } };
  const abort = new AbortController();
  const call = {
    type: 'SUBSCRIBE',
    ...(frameworkId ? { framework_id: id.id } : {}),
    subscribe: { framework_info: { ...info, ...id } },
  };
  const response = await fetch(`${url}/api/v1/scheduler`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(call),
    signal: abort.signal,
  });
  const stream = response.headers.get('mesos-stream-id') ?? '';
  const events: MesosEvent[] = [];
  const said = (events: readonly MesosEvent[]) =>
    events.flatMap((event) => (event.type === 'UPDATE' ? [event.update.status] : []));
  let own = frameworkId ?? '';

  const client: Client = {
    get frameworkId() {
      return own;
    },
    events,
    async call(call) {
      const headers = { 'Content-Type': 'application/json', 'Mesos-Stream-Id': stream };
      const body = JSON.stringify({ framework_id: { value: own }, ...call });
      const answer = await fetch(`${url}/api/v1/scheduler`, { method: 'POST', headers, body });
      if (answer.status !== 202) throw new Error(`${call.type}: ${answer.status} ${await answer.text()}`);
    },
    offer: (wanted) =>
      until(() =>
        events
          .flatMap((event) => (event.type === 'OFFERS' ? (event.offers.offers ?? []) : []))
          .findLast((offer) => offer.resources?.some(wanted)),
      ),
    status: (taskId, state) =>
      until(() => said(events).find((status) => status.task_id.value === taskId && status.state === state)),
    leave: () => abort.abort(),
  };
  void listen().catch(() => {}); // The stream ends with the cluster or the test.
  await until(() => own !== '' && events.length > 0);
  return client;

  async function listen(): Promise<void> {
    const decoder = recordDecoder();
    for await (const chunk of response.body!) {
      for (const record of decoder.push(chunk)) {
        const event = decodeEvent(record, 'application/json');
        if (event.type === 'SUBSCRIBED') own = event.subscribed.framework_id.value;
        events.push(event);
        if (event.type === 'UPDATE' && event.update.status.uuid) {
          const { task_id, agent_id, uuid } = event.update.status;
          await client.call({ type: 'ACKNOWLEDGE', acknowledge: { task_id, agent_id: agent_id!, uuid } });
        }
      }
    }
  }
}

function reserved(name: string, value: number): Resource {
  return {
    name,
    type: 'SCALAR',
    scalar: { value },
    reservations: [{ type: 'DYNAMIC', role: 'test-role', principal: 'test' }],
  };
}

/** Reserves, makes a volume and launches one task on it that runs the command. */
export function footprint(volumeId: string): { operations: OfferOperation[]; task: Resource[]; executor: Resource[] } {
  const executor = [reserved('cpus', 0.1), reserved('mem', 32), reserved('disk', 16)];
  const disk = reserved('disk', 64);
  const volume = {
    ...disk,
    disk: { persistence: { id: volumeId, principal: 'test' }, volume: { container_path: 'data', mode: 'RW' as const } },
  };
  const task = [reserved('cpus', 0.2), reserved('mem', 64), volume];
  return {
    operations: [
      { type: 'RESERVE', reserve: { resources: [...executor, task[0]!, task[1]!, disk] } },
      { type: 'CREATE', create: { volumes: [volume] } },
    ],
    task,
    executor,
  };
}

export async function launch(
  client: Client,
  offer: Offer,
  id: string,
  command: string,
  volumeId: string,
  reserve: boolean,
): Promise<void> {
  const { operations, task, executor } = footprint(volumeId);
  const info: TaskInfo = {
    name: id,
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources: task,
    command: { value: command },
    kill_policy: { grace_period: { nanoseconds: 500e6 } },
  };
  const launch_group = {
    executor: {
      type: 'DEFAULT' as const,
      executor_id: { value: `executor-of-${id}` },
      framework_id: { value: client.frameworkId },
      resources: executor,
    },
    task_group: { tasks: [info] },
  };
  await client.call({
    type: 'ACCEPT',
    accept: {
      offer_ids: [offer.id],
      operations: [...(reserve ? operations : []), { type: 'LAUNCH_GROUP', launch_group }],
    },
  });
}
