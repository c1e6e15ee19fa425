/** What the scheduler's disk holds right now, read past the scheduler: what a restart would remember. */
import type { PlanIntent } from '../../runtime/core/plan/intent.ts';
import type { Abandoned, OperationRecord, Override, Progress, TaskRecord } from '../../runtime/core/state.ts';
import { decodeMessage } from '../../runtime/mesos/codec.ts';
import type { ServiceSpec } from '../../runtime/spec/service.ts';
import { fromStored } from '../../runtime/spec/stored/service.ts';
import type { MemoryData } from '../../runtime/store/memory.ts';

export interface Durable {
  /** Empty before the first start, and after an uninstall. */
  targetId: string;
  readonly configs: Map<string, ServiceSpec>;
  readonly tasks: Map<string, TaskRecord>;
  readonly intents: Map<string, PlanIntent>;
  readonly operations: Map<string, OperationRecord>;
  readonly abandoned: Map<string, Abandoned>;
  readonly properties: Map<string, string>;
}

/** A node's bytes never change in place, so what they mean is worked out once. */
const meanings = new WeakMap<Uint8Array, unknown>();

function meaning<T>(bytes: Uint8Array, read: (bytes: Uint8Array) => T): T {
  if (!meanings.has(bytes)) meanings.set(bytes, read(bytes));
  return meanings.get(bytes) as T;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

export function durable(data: MemoryData | undefined): Durable {
  const nodes = data?.nodes ?? new Map<string, Uint8Array>();
  const found: Durable = {
    targetId: '',
    configs: new Map(),
    tasks: new Map(),
    intents: new Map(),
    operations: new Map(),
    abandoned: new Map(),
    properties: new Map(),
  };
  for (const [path, bytes] of nodes) {
    if (bytes.length === 0) continue;
    const [folder, ...rest] = path.split('/');
    const name = rest.at(-1) ?? '';
    const json = <T>() => meaning(bytes, (b) => JSON.parse(text(b)) as T);
    if (path === 'ConfigTarget') found.targetId = text(bytes);
    else if (folder === 'Configurations')
      found.configs.set(
        name,
        meaning(bytes, (b) => fromStored(JSON.parse(text(b)))),
      );
    else if (folder === 'Properties') found.properties.set(name, text(bytes));
    else if (folder === 'Tasks' && name === 'TaskInfo')
      found.tasks.set(rest[0] ?? '', taskOf(nodes, rest[0] ?? '', bytes));
    else if (path.startsWith('Mainstay/Intents/')) found.intents.set(name, json<PlanIntent>());
    else if (path.startsWith('Mainstay/Operations/')) found.operations.set(name, json<OperationRecord>());
    else if (path.startsWith('Mainstay/Abandoned/')) found.abandoned.set(name, json<Abandoned>());
  }
  return found;
}

function taskOf(nodes: ReadonlyMap<string, Uint8Array>, task: string, info: Uint8Array): TaskRecord {
  const status = nodes.get(`Tasks/${task}/TaskStatus`);
  const progress = nodes.get(`Mainstay/Tasks/${task}`);
  const goal = nodes.get(`Tasks/${task}/Metadata/goal-state-override`);
  const done = nodes.get(`Tasks/${task}/Metadata/override-status`);
  return {
    info: meaning(info, (b) => decodeMessage('TaskInfo', b)),
    ...(status ? { status: meaning(status, (b) => decodeMessage('TaskStatus', b)) } : {}),
    progress: progress ? meaning(progress, (b) => JSON.parse(text(b)) as Progress) : {},
    ...(goal && done ? { override: { goal: text(goal), status: text(done) } as Override } : {}),
  };
}
