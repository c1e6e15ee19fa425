/**
 * What a pod instance needs of one agent, as plain data: amounts, ports, volumes, and which reservations it already has for them.
 * Promises to follow from the definition and the records alone, so that it is worked out once, not once an agent.
 */
import type { ExecutorInfo, Resource, TaskInfo } from '../../kit/mesos.ts';
import { firstIn } from '../../kit/ranges.ts';
import type { PodSpec, PortSpec, ResourceSet, TaskSpec, VolumeSpec } from '../../spec/service.ts';
import type { Settings, TaskRecord } from '../state.ts';
import { usesHostPorts } from '../tasks/launch/network.ts';
import { isLive } from '../tasks/record.ts';
import { resourceIdOf, resourceIdsOf } from './reserved.ts';

/** `held` is the resource that the records have for it: nothing else will do. Without, it is taken from what is free. */
export type Need =
  | {
      readonly kind: 'scalar';
      readonly name: 'cpus' | 'gpus' | 'mem' | 'disk';
      readonly thousandths: number;
      readonly held?: Resource;
    }
  /** A port of the agent; number 0: any, of `ranges` if there are some. */
  | {
      readonly kind: 'port';
      readonly name: string;
      readonly number: number;
      readonly ranges: PortSpec['ranges'];
      readonly held?: Resource;
    }
  /** A port of a virtual network: a mere number, no resource. */
  | { readonly kind: 'virtual-port'; readonly name: string; readonly number: number }
  | { readonly kind: 'volume'; readonly volume: VolumeSpec; readonly held?: Resource };

export interface Needs {
  /** Where new reservations are taken from: `*`, or the pre-reserved role. */
  readonly from: string;
  /** Of the executor that is to be started. */
  readonly executor: readonly Need[];
  /** Of each resource set that the launch touches, by its id: first one need a port, in their order. */
  readonly sets: ReadonlyMap<string, readonly Need[]>;
  /** All of the above. */
  readonly all: readonly Need[];
  /** Ids of what the records have for these. */
  readonly held: readonly string[];
  /** Thousandths of what is not held, by name. */
  readonly fresh: ReadonlyMap<string, number>;
  /** What an `any` port must not be: the fixed ports of the pod. */
  readonly fixedPorts: ReadonlySet<number>;
  /** Ids of reservations that make room for all this: they are given back first, if they are offered. */
  readonly gives: readonly string[];
  /** The executor of the pod's living tasks, under which the launch goes. */
  readonly running?: ExecutorInfo;
}

/** Records of a pod instance by task spec name. */
export type Records = ReadonlyMap<string, TaskRecord>;

/** A whole new footprint: all tasks of the pod, also those that are launched later. */
export function freshNeeds(pod: PodSpec, settings: Settings): Needs {
  return needsOf(pod, executorNeeds(pod, settings, []), setNeeds(pod, pod.tasks, new Map(), new Set()));
}

/**
 * A launch in place: the resource sets of the tasks to launch, on what the records hold for them, and an executor unless one runs.
 * What the records hold beyond that is given back.
 */
export function keptNeeds(pod: PodSpec, tasks: readonly string[], records: Records, settings: Settings): Needs {
  const touched = touchedTasks(pod, tasks, records);
  const isTouched = (name: string) => touched.some((task) => task.name === name);
  const untouched = [...records].filter(([name]) => !isTouched(name)).map(([, record]) => record);
  const running = runningExecutor(tasks, records);

  const inUse = new Set(untouched.filter(isLive).flatMap(({ info }) => resourceIdsOf(info.resources)));
  const sets = setNeeds(pod, touched, records, inUse);
  const executor = running ? [] : executorNeeds(pod, settings, executorResources(records));

  const before = [...records].flatMap(([name, { info }]) => [
    ...(isTouched(name) ? resourceIdsOf(info.resources) : []),
    ...(running ? [] : resourceIdsOf(info.executor?.resources)),
  ]);
  const needs = needsOf(pod, executor, sets);
  const stay = new Set([...needs.held, ...untouched.flatMap(({ info }) => resourceIdsOf(info.resources))]);
  const gives = [...new Set(before)].filter((id) => !stay.has(id));
  return { ...needs, gives, ...(running ? { running } : {}) };
}

/** The tasks whose resources a launch concerns: those of the sets of tasks to launch, and of sets that no record stands for yet. */
function touchedTasks(pod: PodSpec, tasks: readonly string[], records: Records): readonly TaskSpec[] {
  const setsOf = (of: (task: TaskSpec) => boolean) => new Set(pod.tasks.filter(of).map((task) => task.resourceSet.id));
  const launched = setsOf((task) => tasks.includes(task.name));
  const known = setsOf((task) => records.has(task.name));
  return pod.tasks.filter(({ resourceSet: { id } }) => launched.has(id) || !known.has(id));
}

/** The stored resource of a need. */
export function heldOf(need: Need): Resource | undefined {
  return need.kind === 'virtual-port' ? undefined : need.held;
}

function needsOf(pod: PodSpec, executor: readonly Need[], sets: Needs['sets']): Needs {
  const all = [...executor, ...[...sets.values()].flat()];
  const fresh = new Map<string, number>();
  const count = (name: string, thousandths: number) => fresh.set(name, (fresh.get(name) ?? 0) + thousandths);
  for (const need of all) {
    if (heldOf(need)) continue;
    if (need.kind === 'scalar') count(need.name, need.thousandths);
    if (need.kind === 'volume' && need.volume.type === 'ROOT') count('disk', need.volume.sizeMb * 1000);
  }
  const held = resourceIdsOf(all.flatMap((need) => heldOf(need) ?? []));
  const from = pod.preReservedRole ?? '*';
  return { from, executor, sets, all, held, fresh, fixedPorts: new Set(fixedPorts(pod)), gives: [] };
}

/** In the order of their names: that of a pod's records. */
export function tasksByName(tasks: readonly TaskSpec[]): readonly TaskSpec[] {
  return tasks.length < 2 ? tasks : [...tasks].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fixedPorts(pod: PodSpec): number[] {
  const numbers = pod.tasks.flatMap((task) => task.resourceSet.ports.map(({ port }) => port));
  return numbers.filter((number) => number !== 0);
}

/** Overhead and pod-level volumes: reserved once a pod instance, and held by its executor. */
function executorNeeds(pod: PodSpec, { executor }: Settings, old: readonly Resource[]): Need[] {
  return [
    scalarNeed('cpus', executor.cpus, old),
    scalarNeed('disk', executor.diskMb * 1000, old),
    scalarNeed('mem', executor.memoryMb * 1000, old),
    ...pod.volumes.map((volume) => volumeNeed(volume, old)),
  ].filter(isSomething);
}

/** The needs of these tasks' sets; a record's resources in `inUse` are another task's. */
function setNeeds(
  pod: PodSpec,
  tasks: readonly TaskSpec[],
  records: Records,
  inUse: ReadonlySet<string>,
): Map<string, Need[]> {
  const sets = new Map<string, Need[]>();
  const taken = new Set([...fixedPorts(pod), ...[...records.values()].flatMap(({ info }) => portNumbers(info))]);
  for (const task of tasksByName(tasks)) {
    const set = task.resourceSet;
    if (sets.has(set.id)) continue;
    const info = infoOfSet(pod, records, task);
    const old = (info?.resources ?? []).filter((resource) => !inUse.has(resourceIdOf(resource) ?? ''));
    const ports = set.ports.map((port) => {
      const before = info && portNumber(info, port.name);
      return usesHostPorts(pod) ? portNeed(port, before, old) : virtualPort(port, before, taken);
    });
    sets.set(set.id, [...ports, ...amountNeeds(set, old)]);
  }
  return sets;
}

function amountNeeds(set: ResourceSet, old: readonly Resource[]): Need[] {
  return [
    scalarNeed('cpus', set.cpus, old),
    scalarNeed('gpus', set.gpus, old),
    scalarNeed('mem', set.memoryMb * 1000, old),
    ...set.volumes.map((volume) => volumeNeed(volume, old)),
  ].filter(isSomething);
}

/** Nothing is never asked for: an operation on 0 cpus ends a real master (trace 22). */
function isSomething(need: Need): boolean {
  return need.kind !== 'scalar' || need.thousandths > 0;
}

function scalarNeed(
  name: Extract<Need, { kind: 'scalar' }>['name'],
  thousandths: number,
  old: readonly Resource[],
): Need {
  const held = old.find((resource) => resource.name === name && !resource.disk && resourceIdOf(resource));
  return { kind: 'scalar', name, thousandths, ...(held ? { held } : {}) };
}

/** A stored volume stays as it is, whatever size is asked for now (svc-yml 3.7). */
function volumeNeed(volume: VolumeSpec, old: readonly Resource[]): Need {
  const held = old.find(
    (resource) => resource.disk?.volume?.container_path === volume.containerPath && resourceIdOf(resource),
  );
  return { kind: 'volume', volume, ...(held ? { held } : {}) };
}

/** A dynamic port keeps the number that it had, as long as that is reserved for it. */
function portNeed({ name, port, ranges }: PortSpec, before: number | undefined, old: readonly Resource[]): Need {
  const number = port || (before ?? 0);
  const held = old.find(
    (each) => each.name === 'ports' && each.ranges?.range?.[0]?.begin === number && resourceIdOf(each),
  );
  return held ? { kind: 'port', name, number, ranges, held } : { kind: 'port', name, number: port, ranges };
}

/** A dynamic port of a virtual network is the first of these that the pod does not use (svc-yml 3.12). */
const VIRTUAL = [{ begin: 1025, end: 2025 }];

function virtualPort({ name, port }: PortSpec, before: number | undefined, taken: Set<number>): Need {
  const number = port || (before ?? firstIn(VIRTUAL, [], taken) ?? 0);
  taken.add(number);
  return { kind: 'virtual-port', name, number };
}

/** What is on record for a task's resource set: its own info, or that of a task sharing the set; best one with reservations. */
function infoOfSet(pod: PodSpec, records: Records, task: TaskSpec): TaskInfo | undefined {
  const sharing = pod.tasks.filter((other) => other.resourceSet.id === task.resourceSet.id);
  const infos = [task, ...sharing].flatMap(({ name }) => records.get(name)?.info ?? []);
  return infos.find((info) => resourceIdsOf(info.resources).length > 0) ?? infos[0];
}

function executorResources(records: Records): readonly Resource[] {
  for (const { info } of records.values()) if (info.executor?.resources?.length) return info.executor.resources;
  return [];
}

/** That of a living task of the pod which is not launched anew: Mesos wants its ExecutorInfo repeated exactly (trace 03). */
function runningExecutor(tasks: readonly string[], records: Records): ExecutorInfo | undefined {
  for (const [task, record] of records) {
    if (!tasks.includes(task) && isLive(record) && record.info.executor) return record.info.executor;
  }
  return undefined;
}

function portNumbers(info: TaskInfo): number[] {
  return (info.discovery?.ports?.ports ?? []).map(({ number }) => number);
}

/** The number that a task was last given for a port of this name. */
export function portNumber(info: TaskInfo, name: string): number | undefined {
  return info.discovery?.ports?.ports?.find((port) => port.name === name)?.number;
}
