/** What the scheduler's disk holds right now, read past the scheduler: what a restart would remember. */
import type { OperationRecord, TaskRecord } from '../../runtime/core/state.ts';
import { decodeMessage } from '../../runtime/mesos/codec.ts';
import type { MemoryData } from '../../runtime/store/memory.ts';

export interface Durable {
  readonly tasks: Map<string, TaskRecord>;
  readonly operations: Map<string, OperationRecord>;
  readonly abandoned: Set<string>;
}

/** A node's bytes never change in place, so what they mean is worked out once. */
const meanings = new WeakMap<Uint8Array, unknown>();

function meaning<T>(bytes: Uint8Array, read: (bytes: Uint8Array) => T): T {
  if (!meanings.has(bytes)) meanings.set(bytes, read(bytes));
  return meanings.get(bytes) as T;
}

export function durable(data: MemoryData | undefined): Durable {
  const tasks = new Map<string, TaskRecord>();
  const operations = new Map<string, OperationRecord>();
  const abandoned = new Set<string>();
  const json = (bytes: Uint8Array) => meaning(bytes, (b) => JSON.parse(Buffer.from(b).toString('utf8')));
  const nodes = data?.nodes ?? new Map<string, Uint8Array>();
  for (const [path, bytes] of nodes) {
    const parts = path.split('/');
    const name = parts.at(-1) ?? '';
    if (parts.length === 3 && parts[0] === 'Tasks' && name === 'TaskInfo') {
      const task = parts[1] ?? '';
      const status = nodes.get(`Tasks/${task}/TaskStatus`);
      const progress = nodes.get(`Mainstay/Tasks/${task}`);
      tasks.set(task, {
        info: meaning(bytes, (b) => decodeMessage('TaskInfo', b)),
        ...(status ? { status: meaning(status, (b) => decodeMessage('TaskStatus', b)) } : {}),
        progress: progress ? json(progress) : {},
      });
    } else if (path.startsWith('Mainstay/Operations/')) operations.set(name, json(bytes));
    else if (path.startsWith('Mainstay/Abandoned/')) abandoned.add(name);
  }
  return { tasks, operations, abandoned };
}
