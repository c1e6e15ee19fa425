/** Drives a master machine in tests: numbers connections, keeps what was said, and lets time pass tick by tick. */
import { createMaster, type Master, type MasterConfig, type MasterOutput } from '../../../runtime/cluster/master.ts';
import type { AgentToMaster, MasterToAgent } from '../../../runtime/cluster/message.ts';
import type {
  ExecutorInfo,
  Offer,
  OperationStatus,
  Resource,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../../runtime/kit/mesos.ts';
import type { Call, FrameworkInfo, MesosEvent, OfferOperation } from '../../../runtime/kit/mesos-call.ts';

export const ROLE = 'web-role';

export const info: FrameworkInfo = {
  user: 'root',
  name: 'web',
  roles: [ROLE],
  principal: 'web-principal',
  failover_timeout: 60,
  checkpoint: true,
  capabilities: [{ type: 'PARTITION_AWARE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'MULTI_ROLE' }],
};

/** A call without the framework's id, which the rig adds. */
type Body = Call extends infer C ? (C extends { framework_id?: unknown } ? Omit<C, 'framework_id'> : never) : never;

export function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } };
}

/** 4 cpus, 4 GB, 10 GB and ten ports. */
export const MACHINE: Resource[] = [
  scalar('cpus', 4),
  scalar('mem', 4096),
  scalar('disk', 10_000),
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 100, end: 109 }] } },
];

export function reserved(resource: Resource, id: string): Resource {
  const labels = { labels: [{ key: 'resource_id', value: id }] };
  return { ...resource, reservations: [{ type: 'DYNAMIC', role: ROLE, principal: 'web-principal', labels }] };
}

export function volume(disk: Resource, id: string): Resource {
  const persistence = { id, principal: 'web-principal' };
  return { ...disk, disk: { persistence, volume: { mode: 'RW', container_path: 'data' } } };
}

export function executorOf(frameworkId: string, id: string): ExecutorInfo {
  return {
    type: 'DEFAULT',
    executor_id: { value: id },
    framework_id: { value: frameworkId },
    resources: [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 16)],
  };
}

export function taskOf(offer: Offer, id: string, resources = [scalar('cpus', 1), scalar('mem', 128)]): TaskInfo {
  return { name: id, task_id: { value: id }, agent_id: offer.agent_id, resources, command: { value: 'sleep 1' } };
}

/** A LAUNCH_GROUP of one task under an executor of its own. */
export function launchOf(offer: Offer, id: string, resources?: Resource[]): OfferOperation {
  const executor = executorOf(offer.framework_id.value, `${id}-executor`);
  return { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks: [taskOf(offer, id, resources)] } } };
}

export function createRig(config: Partial<MasterConfig> = {}) {
  let now = 1_000_000;
  let connections = 0;
  let uuids = 0;
  const said: MasterOutput[] = [];
  const master: Master = createMaster({
    id: 'M',
    host: '127.0.0.1',
    port: 5050,
    newId: () => `stream-${connections}`,
    ...config,
  });

  /** A uuid as agents give to statuses. */
  const uuid = () => Buffer.from(String(uuids++).padStart(16, '0')).toString('base64');

  function take(input: Parameters<Master['take']>[0]): MasterOutput[] {
    const outputs = master.take(input, now);
    said.push(...outputs);
    return outputs;
  }

  /** Lets time pass; the master is woken whenever it asked to be. */
  function pass(ms: number): MasterOutput[] {
    const end = now + ms;
    const outputs: MasterOutput[] = [];
    for (let due = master.wakeAt(); due !== undefined && due <= end; due = master.wakeAt()) {
      now = Math.max(now, due);
      outputs.push(...take({ kind: 'tick' }));
    }
    now = end;
    return outputs;
  }

  function register(link: number, more: Partial<Extract<AgentToMaster, { kind: 'register' }>> = {}): MasterOutput[] {
    return take({
      kind: 'agent',
      agent: link,
      message: {
        kind: 'register',
        agent: { hostname: `host-${link}`, ip: '127.0.0.1', port: 5050 + link, resources: MACHINE, attributes: [] },
        checkpointed: MACHINE,
        tasks: [],
        frameworks: [],
        operations: [],
        ...more,
      },
    });
  }

  /** A subscribed scheduler; `id` to come back as an earlier framework. */
  function subscribe(frameworkInfo: FrameworkInfo = info, id?: string) {
    const connection = ++connections;
    const framework_info = id === undefined ? frameworkInfo : { ...frameworkInfo, id: { value: id } };
    const call: Call = {
      type: 'SUBSCRIBE',
      subscribe: { framework_info },
      ...(id !== undefined && { framework_id: { value: id } }),
    };
    const outputs = take({ kind: 'call', connection, call });
    const streamId = outputs.find((output) => output.kind === 'answer')?.streamId;
    const [first] = eventsTo(outputs, connection);
    const frameworkId = first?.type === 'SUBSCRIBED' ? first.subscribed.framework_id.value : '';
    return {
      connection,
      frameworkId,
      outputs,
      /** Makes a call as this subscription; what the master said. */
      call(body: Body): MasterOutput[] {
        const full = { ...body, framework_id: { value: frameworkId } } as Call;
        return take({
          kind: 'call',
          connection: ++connections,
          ...(streamId !== undefined && { streamId }),
          call: full,
        });
      },
      accept(offers: readonly Offer[], operations: OfferOperation[], refuse_seconds = 0): MasterOutput[] {
        const offer_ids = offers.map((offer) => offer.id);
        return this.call({ type: 'ACCEPT', accept: { offer_ids, operations, filters: { refuse_seconds } } });
      },
      disconnect: () => take({ kind: 'disconnected', connection }),
      heard: (outputs: readonly MasterOutput[]) => eventsTo(outputs, connection),
    };
  }

  /** A status as an agent sends it. */
  function status(link: number, frameworkId: string, taskId: string, state: TaskState, latest = state): MasterOutput[] {
    const made = statusOf(taskId, state);
    return take({
      kind: 'agent',
      agent: link,
      message: { kind: 'status', frameworkId, status: made, latest: { ...made, state: latest } },
    });
  }

  function statusOf(taskId: string, state: TaskState): TaskStatus {
    return { task_id: { value: taskId }, state, source: 'SOURCE_EXECUTOR', uuid: uuid() };
  }

  function operationDone(link: number, frameworkId: string, id: string): OperationStatus {
    const made: OperationStatus = { operation_id: { value: id }, state: 'OPERATION_FINISHED', uuid: { value: uuid() } };
    take({ kind: 'agent', agent: link, message: { kind: 'operation', frameworkId, status: made } });
    return made;
  }

  return { master, said, take, pass, register, subscribe, status, statusOf, operationDone, now: () => now };
}

export function eventsTo(outputs: readonly MasterOutput[], connection: number): MesosEvent[] {
  return outputs.flatMap((output) =>
    output.kind === 'event' && output.connection === connection ? [output.event] : [],
  );
}

export function offersIn(events: readonly MesosEvent[]): Offer[] {
  return events.flatMap((event) => (event.type === 'OFFERS' ? (event.offers.offers ?? []) : []));
}

export function statusesIn(events: readonly MesosEvent[]): TaskStatus[] {
  return events.flatMap((event) => (event.type === 'UPDATE' ? [event.update.status] : []));
}

export function operationsIn(events: readonly MesosEvent[]): OperationStatus[] {
  return events.flatMap((event) =>
    event.type === 'UPDATE_OPERATION_STATUS' ? [event.update_operation_status.status] : [],
  );
}

export function ordersTo(outputs: readonly MasterOutput[], link: number): MasterToAgent[] {
  return outputs.flatMap((output) => (output.kind === 'agent' && output.agent === link ? [output.message] : []));
}

export function answersIn(outputs: readonly MasterOutput[]) {
  return outputs.flatMap((output) => (output.kind === 'answer' ? [{ status: output.status, body: output.body }] : []));
}
