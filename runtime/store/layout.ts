/**
 * Where each fact lives in the tree and in which bytes: upstream's nodes hold exactly what the field's scheduler puts there, what
 * is ours lives below `Mainstay/` (scheduler-behaviour 7.1). Promises that `load` gives back what `nodeWrites` was given.
 */
import type { Write } from '../core/effect.ts';
import type { PlanIntent } from '../core/plan/intent.ts';
import type { Abandoned, OperationRecord, Override, Progress, Service, TaskRecord } from '../core/state.ts';
import { decodeMessage, encodeMessage } from '../mesos/codec.ts';
import type { EndpointTexts, PlanSpecs } from '../spec/service.ts';
import { plansFromJson, plansToJson } from '../spec/stored/plans.ts';
import { fromStored, toStored } from '../spec/stored/service.ts';
import type { NodeWrite, Tree } from './tree.ts';

export interface Stored {
  readonly frameworkId?: string;
  readonly service?: Service;
}

/** All of a service but `servicename` and the schema versions. */
const WIPED = ['FrameworkID', 'ConfigTarget', 'Configurations', 'Tasks', 'Properties', 'Mainstay'];

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8');
const json = (value: unknown): Uint8Array => text(JSON.stringify(value));
const read = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

export function nodeWrites(writes: readonly Write[]): NodeWrite[] {
  return writes.flatMap(nodeWrite);
}

function nodeWrite(write: Write): NodeWrite | NodeWrite[] {
  switch (write.kind) {
    case 'framework-id':
      return put('FrameworkID', encodeMessage('FrameworkID', { value: write.frameworkId }));
    case 'config':
      return put(`Configurations/${write.id}`, json(toStored(write.spec)));
    case 'config-gone':
      return { kind: 'delete', path: `Configurations/${write.id}` };
    case 'target':
      return put('ConfigTarget', text(write.id));
    case 'task-info':
      return put(`Tasks/${write.task}/TaskInfo`, encodeMessage('TaskInfo', write.info));
    case 'task-status':
      return put(`Tasks/${write.task}/TaskStatus`, encodeMessage('TaskStatus', write.status));
    case 'task-gone':
      return [
        { kind: 'delete', path: `Tasks/${write.task}` },
        { kind: 'delete', path: `Mainstay/Tasks/${write.task}` },
      ];
    case 'override':
      return overrideWrites(write.task, write.override);
    case 'plans':
      return put('Mainstay/Plans', json(plansToJson(write.plans)));
    case 'endpoints':
      return put('Mainstay/Endpoints', json(write.endpoints));
    case 'intent':
      return put(`Mainstay/Intents/${write.plan}`, json(write.intent));
    case 'intent-gone':
      return { kind: 'delete', path: `Mainstay/Intents/${write.plan}` };
    case 'progress':
      return put(`Mainstay/Tasks/${write.task}`, json(write.progress));
    case 'operation':
      return put(`Mainstay/Operations/${write.id}`, json(write.operation));
    case 'operation-gone':
      return { kind: 'delete', path: `Mainstay/Operations/${write.id}` };
    case 'abandoned':
      return put(`Mainstay/Abandoned/${write.resourceId}`, json(write.abandoned));
    case 'abandoned-gone':
      return { kind: 'delete', path: `Mainstay/Abandoned/${write.resourceId}` };
    case 'wipe':
      return WIPED.map((path) => ({ kind: 'delete', path }));
    case 'property':
      return put(`Properties/${write.key}`, text(write.value));
  }
}

/** Upstream keeps both nodes or none; anything else reads as no override (scheduler-behaviour 7.1). */
function overrideWrites(task: string, override: Override | undefined): NodeWrite[] {
  const goal = `Tasks/${task}/Metadata/goal-state-override`;
  const status = `Tasks/${task}/Metadata/override-status`;
  if (!override) return [{ kind: 'delete', path: `Tasks/${task}/Metadata` }];
  return [put(goal, text(override.goal)), put(status, text(override.status))];
}

function readOverride(goal: Uint8Array | undefined, status: Uint8Array | undefined): Override | undefined {
  const [wanted, done] = [goal && read(goal), status && read(status)];
  if (wanted !== 'PAUSED' && wanted !== 'DECOMMISSIONED' && wanted !== 'NONE') return undefined;
  if (done !== 'PENDING' && done !== 'IN_PROGRESS' && done !== 'COMPLETE') return undefined;
  return { goal: wanted, status: done };
}

function put(path: string, data: Uint8Array): NodeWrite {
  return { kind: 'put', path, data };
}

/** Everything that is stored. A service is there once it has a target. Nodes are asked for together: a far store answers at once. */
export async function load(tree: Tree, name: string): Promise<Stored> {
  const [id, target] = await Promise.all([tree.get('FrameworkID'), tree.get('ConfigTarget')]);
  const frameworkId = id ? { frameworkId: decodeMessage('FrameworkID', id).value } : {};
  if (!target) return frameworkId;
  const service: Service = {
    name,
    targetId: read(target),
    configs: await map(tree, 'Configurations', (bytes) => fromStored(JSON.parse(read(bytes)))),
    plans: await plans(tree),
    endpoints: await endpoints(tree),
    intents: await map(tree, 'Mainstay/Intents', (bytes) => JSON.parse(read(bytes)) as PlanIntent),
    errors: [],
    tasks: await tasks(tree),
    operations: await map(tree, 'Mainstay/Operations', (bytes) => JSON.parse(read(bytes)) as OperationRecord),
    abandoned: await map(tree, 'Mainstay/Abandoned', (bytes) => JSON.parse(read(bytes)) as Abandoned),
    properties: await map(tree, 'Properties', read),
  };
  return { ...frameworkId, service };
}

async function plans(tree: Tree): Promise<PlanSpecs> {
  const bytes = await tree.get('Mainstay/Plans');
  return bytes ? plansFromJson(JSON.parse(read(bytes))) : [];
}

/** A tree of an older version has none. */
async function endpoints(tree: Tree): Promise<EndpointTexts> {
  const bytes = await tree.get('Mainstay/Endpoints');
  return bytes ? (JSON.parse(read(bytes)) as EndpointTexts) : {};
}

function tasks(tree: Tree): Promise<Map<string, TaskRecord>> {
  return collect(tree, 'Tasks', async (name): Promise<TaskRecord | undefined> => {
    const [info, status, progress, goal, done] = await Promise.all([
      tree.get(`Tasks/${name}/TaskInfo`),
      tree.get(`Tasks/${name}/TaskStatus`),
      tree.get(`Mainstay/Tasks/${name}`),
      tree.get(`Tasks/${name}/Metadata/goal-state-override`),
      tree.get(`Tasks/${name}/Metadata/override-status`),
    ]);
    if (!info) return undefined;
    const override = readOverride(goal, done);
    return {
      info: decodeMessage('TaskInfo', info),
      ...(status ? { status: decodeMessage('TaskStatus', status) } : {}),
      progress: progress ? (JSON.parse(read(progress)) as Progress) : {},
      ...(override ? { override } : {}),
    };
  });
}

function map<T>(tree: Tree, path: string, parse: (bytes: Uint8Array) => T): Promise<Map<string, T>> {
  return collect(tree, path, async (name) => {
    const bytes = await tree.get(`${path}/${name}`);
    return bytes && parse(bytes);
  });
}

/** What `look` finds for each child, by name, in the order of names. */
async function collect<T>(
  tree: Tree,
  path: string,
  look: (name: string) => Promise<T | undefined>,
): Promise<Map<string, T>> {
  const names = await tree.list(path);
  const found = await Promise.all(names.map(look));
  return new Map(names.flatMap((name, at): [string, T][] => (found[at] === undefined ? [] : [[name, found[at]]])));
}
