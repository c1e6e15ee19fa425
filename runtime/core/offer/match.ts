/**
 * Matches one pod instance against what the agents offer. Promises operations and records that Mesos accepts together, or, agent
 * by agent, what was missing. Decides nothing about when a pod may be placed; that is the plans' business.
 */
import type { NewId } from '../../kit/clock.ts';
import type { ExecutorInfo, OfferOperation, Resource, TaskInfo } from '../../kit/mesos.ts';
import type { PodSpec, ResourceSet, ServiceSpec, TaskSpec } from '../../spec/service.ts';
import type { PlanRun } from '../plan/intent.ts';
import type { OperationRecord, RecoveryType, Service, Settings, TaskRecord } from '../state.ts';
import { type AssignedPort, executorInfo, type LaunchContext, taskInfo } from '../tasks/launch.ts';
import { executorId, podInstanceName, taskId, taskName } from '../tasks/name.ts';
import { isLive } from '../tasks/record.ts';
import { type Claims, claimPort, claimScalar, claimVolume, mergedResources, newClaims, release } from './footprint.ts';
import { refusal } from './placement.ts';
import type { PlacementView } from './placement-view.ts';
import { type AgentPool, copyOf } from './pool.ts';
import { resourceIdsOf } from './reserved.ts';

/** One unmet need on one agent, for people: `cpus`, wanted `4`, had `2.5`. */
export interface Reason {
  readonly agent: string;
  readonly need: string;
  readonly wanted: string;
  readonly had: string;
}

/** What shall be launched, under which configuration. */
export interface Requirement {
  readonly pod: PodSpec;
  readonly index: number;
  /** Task spec names. */
  readonly tasks: readonly string[];
  readonly spec: ServiceSpec;
  readonly configId: string;
  readonly recovery?: RecoveryType;
  /** Of an on-demand plan. */
  readonly run?: PlanRun;
}

export interface Placement {
  readonly agentId: string;
  /** In the order in which Mesos shall apply them. */
  readonly operations: readonly OfferOperation[];
  /** To remember each operation that carries an id. */
  readonly pending: readonly { id: string; operation: OperationRecord }[];
  /** New records' infos by task name; an empty task id means reserved for, not launched. */
  readonly infos: ReadonlyMap<string, TaskInfo>;
}

export type Match = { ok: true; placement: Placement; pool: AgentPool } | { ok: false; reasons: readonly Reason[] };

export interface MatchContext {
  readonly settings: Settings;
  readonly frameworkId: string;
  readonly service: Service;
  /** Of this service, kept up with what was placed in this frame. */
  readonly placement: PlacementView;
  readonly newId: NewId;
}

/**
 * The first agent that has everything. A replaced pod goes to a new place if there is one; else its old footprint is given up
 * in the same ACCEPT to make room. On success `pool` is the agent's pool less what was taken.
 */
export function match(requirement: Requirement, pools: Iterable<AgentPool>, context: MatchContext): Match {
  const reasons: Reason[] = [];
  const all = [...pools];
  for (const pool of all) {
    const tried = place(requirement, pool, context, false);
    if (tried.ok) return tried;
    reasons.push(...tried.reasons);
  }
  if (requirement.recovery === 'PERMANENT') {
    for (const pool of all) {
      const tried = place(requirement, pool, context, true);
      if (tried.ok) return tried;
    }
  }
  return { ok: false, reasons };
}

function place(requirement: Requirement, offered: AgentPool, context: MatchContext, inOldPlace: boolean): Match {
  const { pod, index, spec } = requirement;
  const { service } = context;
  const pool = copyOf(offered);
  const claims = newClaims(
    pool,
    { role: spec.role, principal: spec.principal, frameworkId: context.frameworkId },
    context.newId,
  );
  const records = recordsOf(service, pod, index);
  const before = [...records.values()];
  const oldIds = before.flatMap((record) => footprintIds(record.info));
  const keeps = requirement.recovery !== 'PERMANENT' && oldIds.length > 0;

  if (keeps && !oldIds.some((id) => pool.reserved.has(id)) && !before.some(isLive)) {
    const home = before[0]?.info.agent_id.value ?? '';
    return no([{ agent: pool.hostname, need: 'its reservations', wanted: `agent ${home}`, had: 'none here' }]);
  }
  if (!keeps && pod.placement) {
    const refused = refusal(pod.placement, context.placement, pod.type, index, pool.offers[0]!);
    if (refused) claims.reasons.push(refused);
  }
  if (inOldPlace) release(claims, oldIds);

  const stored = keeps ? records : new Map<string, TaskRecord>();
  const launch: LaunchContext = {
    settings: context.settings,
    frameworkId: context.frameworkId,
    spec,
    configId: requirement.configId,
    pod,
    index,
    offer: pool.offers[0]!,
    ...(requirement.run ? { parameters: requirement.run.parameters } : {}),
  };
  const executor = claimExecutor(claims, requirement, launch, stored, context.newId);
  const paused = (task: string) => records.get(task)?.override?.goal === 'PAUSED';
  const infos = claimTasks(claims, requirement, launch, stored, executor, paused, context.newId);
  if (claims.reasons.length > 0) return no(claims.reasons);
  return { ok: true, placement: placementOf(requirement, claims, infos, executor, context.newId), pool };
}

function no(reasons: readonly Reason[]): Match {
  return { ok: false, reasons };
}

/** The stored records of a pod instance, by task spec name. */
function recordsOf(service: Service, pod: PodSpec, index: number): Map<string, TaskRecord> {
  const found = new Map<string, TaskRecord>();
  for (const task of pod.tasks) {
    const record = service.tasks.get(taskName(pod.type, index, task.name));
    if (record) found.set(task.name, record);
  }
  return found;
}

/** Every resource id that a record stands for, the executor's too. */
export function footprintIds(info: TaskInfo): string[] {
  return [...resourceIdsOf(info.resources), ...resourceIdsOf(info.executor?.resources)];
}

/**
 * The executor to launch under: that of a living task of the pod, which must then be named by the offer and be repeated exactly
 * (trace 03), or a new one on the pod's executor resources.
 */
function claimExecutor(
  claims: Claims,
  requirement: Requirement,
  launch: LaunchContext,
  stored: ReadonlyMap<string, TaskRecord>,
  newId: NewId,
): ExecutorInfo {
  for (const [task, record] of stored) {
    const running = record.info.executor;
    if (requirement.tasks.includes(task) || !isLive(record) || !running) continue;
    if (!claims.pool.executorIds.has(running.executor_id.value)) {
      const need = 'its running executor';
      claims.reasons.push({ agent: claims.pool.hostname, need, wanted: running.executor_id.value, had: 'not here' });
    }
    return running;
  }
  const { cpus, memoryMb, diskMb } = launch.settings.executor;
  const old = [...stored.values()].find((record) => record.info.executor?.resources?.length)?.info.executor?.resources;
  const resources = [
    claimScalar(claims, 'cpus', cpus, byName(old, 'cpus')),
    claimScalar(claims, 'disk', diskMb * 1000, byName(old, 'disk')),
    claimScalar(claims, 'mem', memoryMb * 1000, byName(old, 'mem')),
  ];
  return executorInfo(launch, executorId(requirement.spec.name, requirement.pod.type, newId()), resources);
}

function byName(resources: readonly Resource[] | undefined, name: string): Resource | undefined {
  return resources?.find((resource) => resource.name === name && !resource.disk);
}

/**
 * Infos for every task that this launch concerns. The first launch of a pod instance reserves for all its tasks; later ones
 * touch only the resource sets of the tasks they launch.
 */
function claimTasks(
  claims: Claims,
  requirement: Requirement,
  launch: LaunchContext,
  stored: ReadonlyMap<string, TaskRecord>,
  executor: ExecutorInfo,
  paused: (task: string) => boolean,
  newId: NewId,
): Map<string, TaskInfo> {
  const { pod, index, spec } = requirement;
  const infos = new Map<string, TaskInfo>();
  const sets = new Map<string, { resources: Resource[]; ports: AssignedPort[] }>();
  const fixed = new Set(pod.tasks.flatMap((task) => task.resourceSet.ports.map((port) => port.port)));
  for (const task of [...pod.tasks].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const launched = requirement.tasks.includes(task.name);
    const sharesSet = pod.tasks.some(
      (other) => requirement.tasks.includes(other.name) && other.resourceSet.id === task.resourceSet.id,
    );
    const record = stored.get(task.name);
    if (record && !sharesSet) {
      if (!isLive(record)) infos.set(task.name, { ...record.info, executor: { ...executor, ...oldId(record) } });
      continue;
    }
    let set = sets.get(task.resourceSet.id);
    if (!set) {
      set = claimSet(claims, task.resourceSet, storedSet(pod, stored, task), fixed);
      sets.set(task.resourceSet.id, set);
    }
    // A task that made room for another was launched all the same: it comes back once that is done.
    const last = stored.get(task.name)?.info.task_id.value ?? '';
    const id = launched ? taskId(spec.name, taskName(pod.type, index, task.name), newId()) : last;
    infos.set(task.name, { ...taskInfo(launch, task, id, set.resources, set.ports, paused(task.name)), executor });
  }
  return infos;
}

function oldId(record: TaskRecord): { executor_id?: ExecutorInfo['executor_id'] } {
  return record.info.executor ? { executor_id: record.info.executor.executor_id } : {};
}

/** The newest record that stands for a task's resource set: its own, or that of a task sharing the set. */
function storedSet(pod: PodSpec, stored: ReadonlyMap<string, TaskRecord>, task: TaskSpec): TaskInfo | undefined {
  const sharing = pod.tasks.filter((other) => other.resourceSet.id === task.resourceSet.id);
  const records = [task, ...sharing].map((other) => stored.get(other.name)?.info);
  return records.find((info) => info !== undefined && resourceIdsOf(info.resources).length > 0);
}

function claimSet(
  claims: Claims,
  set: ResourceSet,
  before: TaskInfo | undefined,
  fixed: ReadonlySet<number>,
): { resources: Resource[]; ports: AssignedPort[] } {
  const old = before?.resources ?? [];
  const resources: Resource[] = [];
  const ports: AssignedPort[] = [];
  const taken = new Set(fixed);
  for (const port of set.ports) {
    const wanted = port.port || before?.discovery?.ports?.ports?.find((p) => p.name === port.name)?.number;
    const reserved = old.find((r) => r.name === 'ports' && r.ranges?.range?.[0]?.begin === wanted);
    const claimed = claimPort(claims, port.name, port.port, reserved, taken);
    taken.add(claimed.number);
    resources.push(claimed.resource);
    ports.push({ name: port.name, number: claimed.number, envKey: port.envKey, advertise: port.advertise });
  }
  if (set.cpus > 0) resources.push(claimScalar(claims, 'cpus', set.cpus, byName(old, 'cpus')));
  if (set.memoryMb > 0) resources.push(claimScalar(claims, 'mem', set.memoryMb * 1000, byName(old, 'mem')));
  for (const volume of set.volumes) {
    const kept = old.find((r) => r.disk?.volume?.container_path === volume.containerPath);
    resources.push(claimVolume(claims, volume, kept));
  }
  return { resources, ports };
}

function placementOf(
  requirement: Requirement,
  claims: Claims,
  infos: Map<string, TaskInfo>,
  executor: ExecutorInfo,
  newId: NewId,
): Placement {
  const { pod, index } = requirement;
  const agentId = claims.pool.agentId;
  const operations: OfferOperation[] = [];
  const pending: { id: string; operation: OperationRecord }[] = [];
  const instance = podInstanceName(pod.type, index);
  const remember = (type: OperationRecord['type'], resourceIds: string[], holdsPod: boolean): { value: string } => {
    const id = newId();
    pending.push({ id, operation: { type, agentId, resourceIds, ...(holdsPod ? { pod: instance } : {}) } });
    return { value: id };
  };
  const destroyed = claims.released.filter((resource) => resource.disk?.persistence);
  if (destroyed.length > 0) {
    const id = remember('DESTROY', [], false);
    operations.push({ type: 'DESTROY', id, destroy: { volumes: destroyed } });
  }
  const unreserves = [...claims.released.map(withoutVolume), ...claims.shrunk];
  if (unreserves.length > 0) {
    const id = remember('UNRESERVE', resourceIdsOf(claims.released), false);
    operations.push({ type: 'UNRESERVE', id, unreserve: { resources: mergedResources(unreserves) } });
  }
  if (claims.reserves.length > 0) {
    const id = remember('RESERVE', claims.freshIds, true);
    operations.push({ type: 'RESERVE', id, reserve: { resources: mergedResources(claims.reserves) } });
  }
  if (claims.volumes.length > 0) {
    const id = remember('CREATE', resourceIdsOf(claims.volumes), true);
    operations.push({ type: 'CREATE', id, create: { volumes: claims.volumes } });
  }
  const stored = new Map<string, TaskInfo>();
  for (const [task, info] of infos) {
    stored.set(taskName(pod.type, index, task), info);
    if (!requirement.tasks.includes(task)) continue;
    const { executor: _, ...sent } = info;
    operations.push({ type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks: [sent] } } });
  }
  return { agentId, operations, pending, infos: stored };
}

/** What UNRESERVE takes after DESTROY: the reserved disk without its volume. */
export function withoutVolume(resource: Resource): Resource {
  if (!resource.disk) return resource;
  const { disk, ...plain } = resource;
  return disk.source ? { ...plain, disk: { source: disk.source } } : plain;
}
