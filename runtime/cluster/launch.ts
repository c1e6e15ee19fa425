/**
 * LAUNCH and LAUNCH_GROUP: what Mesos refuses about executors and tasks, in its words (traces 03, 10, 22). Promises rules only;
 * it must never accept what the agent could not run.
 */
import { isDeepStrictEqual } from 'node:util';
import type {
  CheckInfo,
  CommandInfo,
  EnvironmentVariable,
  ExecutorInfo,
  HealthCheck,
  Resource,
  TaskInfo,
} from '../kit/mesos.ts';
import { type Bag, bagOf, contains, fromThousandths, resourcesOf } from '../kit/resources.ts';
import { idMistake } from './identifier.ts';
import { allocated, bare, formMistake, scalarOf } from './resource-form.ts';
import { textOf } from './resource-text.ts';

/** Where tasks are to be launched. */
export interface LaunchScene {
  frameworkId: string;
  agentId: string;
  role: string;
  /** What is left of the offers at this point of the ACCEPT. */
  left: Bag;
  /** Ids of the framework's tasks that are not over. */
  taskIds: { has(id: string): boolean };
  /** The executor of that id that lives on the agent, with resources as `canonical` leaves them. */
  running: (executorId: string) => ExecutorInfo | undefined;
}

/** An executor of the command kind is the agent's own: named after its task and without resources in the master's books. */
export function commandExecutor(task: TaskInfo, frameworkId: string): ExecutorInfo {
  return { type: 'DEFAULT', executor_id: { value: task.task_id.value }, framework_id: { value: frameworkId } };
}

/** The same executor with the role filled in, so that two ways of writing it compare equal. */
export function canonical(executor: ExecutorInfo, role: string): ExecutorInfo {
  return { ...executor, resources: allocated(executor.resources?.map(bare) ?? [], role) };
}

/** Why a task group cannot be launched, whatever there is, or undefined. The first mistake counts for all tasks of the group. */
export function groupMistake(
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
  scene: LaunchScene,
): string | undefined {
  const running = scene.running(executor.executor_id.value);
  const named = [...tasks.flatMap((task) => task.resources ?? []), ...(executor.resources ?? [])];
  return (
    executorMistake(executor, running, scene) ??
    firstOf(tasks, (task) => {
      const mistake = taskMistake(task, scene) ?? limitsMistake(task);
      return mistake && `Task '${task.task_id.value}' is invalid: ${mistake}`;
    }) ??
    firstOf(tasks, (task) => strangeExecutor(task, executor)) ??
    firstOf(named, formMistake) ??
    duplicateVolume(named.map(bare))
  );
}

/** Why a single task cannot be launched, or undefined. */
export function taskRefusal(task: TaskInfo, scene: LaunchScene): string | undefined {
  if (task.executor) return 'Only task groups can name an executor here: custom executors are not supported';
  return (
    taskMistake(task, scene) ??
    firstOf(task.resources ?? [], formMistake) ??
    lackOf(bagOf(task.resources?.map(bare)), scene, 'task and its executor is')
  );
}

function firstOf<T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const mistake = check(item);
    if (mistake) return mistake;
  }
  return undefined;
}

function executorMistake(executor: ExecutorInfo, running: ExecutorInfo | undefined, scene: LaunchScene) {
  const id = executor.executor_id.value;
  const odd = idMistake(id);
  if (odd) return odd;
  if ((executor.type ?? 'UNKNOWN') === 'UNKNOWN') return "'ExecutorInfo.type' must be set";
  if (executor.type === 'CUSTOM') {
    return executor.command
      ? 'Custom executors are not supported'
      : "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
  }
  if (executor.command) return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
  if (executor.container && executor.container.type !== 'MESOS') {
    return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor";
  }
  if (!executor.framework_id) return "'ExecutorInfo.framework_id' must be set";
  if (executor.framework_id.value !== scene.frameworkId) {
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${executor.framework_id.value} vs Expected: ${scene.frameworkId})`;
  }
  const cpus = scalarOf(executor.resources ?? [], 'cpus');
  if (cpus < 10) {
    return `Executor '${id}' uses less CPUs (${cpus === 0 ? 'None' : fromThousandths(cpus)}) than the minimum required (0.01)`;
  }
  const mem = scalarOf(executor.resources ?? [], 'mem');
  if (mem < 32_000) {
    return `Executor '${id}' uses less memory (${mem === 0 ? 'None' : `${fromThousandths(mem)}MB`}) than the minimum required (32MB)`;
  }
  if (scalarOf(executor.resources ?? [], 'disk') === 0) return `Executor '${id}' uses no disk`;
  return running && !isSameExecutor(running, canonical(executor, scene.role))
    ? 'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.'
    : undefined;
}

function isSameExecutor(a: ExecutorInfo, b: ExecutorInfo): boolean {
  const byKind = (resources: readonly Resource[] = []) =>
    [...bagOf(resources)].map(([kind, entry]) => [kind, entry.amount]).sort();
  const { resources: _a, ...restOfA } = a;
  const { resources: _b, ...restOfB } = b;
  return isDeepStrictEqual(restOfA, restOfB) && isDeepStrictEqual(byKind(a.resources), byKind(b.resources));
}

function strangeExecutor(task: TaskInfo, executor: ExecutorInfo): string | undefined {
  if (!task.executor || isSameExecutor(task.executor, executor)) return undefined;
  return `The \`ExecutorInfo\` of task '${task.task_id.value}' is different from executor '${executor.executor_id.value}'`;
}

function taskMistake(task: TaskInfo, scene: LaunchScene): string | undefined {
  const id = task.task_id.value;
  const odd = idMistake(id);
  if (odd) return odd;
  if (scene.taskIds.has(id)) return `Task has duplicate ID: ${id}`;
  if (task.agent_id.value !== scene.agentId) {
    return `Task uses invalid agent ${task.agent_id.value} while agent ${scene.agentId} is expected`;
  }
  if (!task.resources?.length) return 'Task uses no resources';
  if (isNegative(task.kill_policy?.grace_period)) return "Task's 'kill_policy.grace_period' must be non-negative";
  if (isNegative(task.max_completion_time)) return "Task's `max_completion_time` must be non-negative";
  const command = task.command && commandMistake(task.command);
  if (command) return `Task's \`CommandInfo\` is invalid: ${command}`;
  const check = task.check && checkMistake(task.check);
  if (check) return `Task uses invalid check: ${check}`;
  const health = task.health_check && healthMistake(task.health_check);
  if (health) return `Task uses invalid health check: ${health}`;
  return task.container?.type === 'DOCKER' ? 'Docker ContainerInfo is not supported on the task' : undefined;
}

function isNegative(duration: { nanoseconds: number } | undefined): boolean {
  return duration !== undefined && duration.nanoseconds < 0;
}

function commandMistake({ environment }: CommandInfo): string | undefined {
  const { name } = environment?.variables?.find(isWithoutValue) ?? {};
  return name && `Environment variable '${name}' of type 'VALUE' must have a value set`;
}

function isWithoutValue({ type = 'VALUE', value }: EnvironmentVariable): boolean {
  return type === 'VALUE' && value === undefined;
}

function checkMistake(check: CheckInfo): string | undefined {
  const type = check.type ?? 'UNKNOWN';
  if (type === 'UNKNOWN') return "CheckInfo must specify 'type'";
  return bodyMistake(type, check, 'check') ?? negativeSeconds(check);
}

function healthMistake(check: HealthCheck): string | undefined {
  const type = check.type ?? 'UNKNOWN';
  if (type === 'UNKNOWN') return "HealthCheck must specify 'type'";
  return bodyMistake(type, check, 'health check') ?? negativeSeconds(check);
}

function bodyMistake(type: 'COMMAND' | 'HTTP' | 'TCP', check: CheckInfo | HealthCheck, what: string) {
  const body = type.toLowerCase() as 'command' | 'http' | 'tcp';
  return check[body] ? undefined : `Expecting '${body}' to be set for ${type} ${what}`;
}

const SECONDS = ['delay_seconds', 'grace_period_seconds', 'interval_seconds', 'timeout_seconds'] as const;

function negativeSeconds(check: Partial<Record<(typeof SECONDS)[number], number>>): string | undefined {
  const field = SECONDS.find((name) => (check[name] ?? 0) < 0);
  return field && `Expecting '${field}' to be non-negative`;
}

/** Limits need a container of the task's own, and may not be below what the task asks for. */
function limitsMistake(task: TaskInfo): string | undefined {
  const limits = Object.keys(task.limits ?? {});
  if (limits.length === 0) return undefined;
  if (limits.some((name) => name !== 'cpus' && name !== 'mem')) {
    return "Only cpus and mem may be included in a task's resource limits";
  }
  const below = (name: string) =>
    task.limits?.[name] !== undefined && task.limits[name].value * 1000 < scalarOf(task.resources ?? [], name);
  if (below('cpus')) return 'The cpu limit must be greater than or equal to the cpu request';
  if (below('mem')) return 'The memory limit must be greater than or equal to the memory request';
  return task.container?.linux_info?.share_cgroups === false
    ? undefined
    : "Resource limits may only be set for tasks within a task group when the 'share_cgroups' field is set to 'false'.";
}

function duplicateVolume(resources: readonly Resource[]): string | undefined {
  const seen = new Set<string>();
  for (const resource of resources) {
    const id = resource.disk?.persistence?.id;
    if (id === undefined) continue;
    const volume = `${resource.reservations?.at(-1)?.role} ${id}`;
    if (seen.has(volume)) {
      return `Task group and executor use duplicate persistence ID: Persistence ID '${id}' is not unique`;
    }
    seen.add(volume);
  }
  return undefined;
}

/** Why there is too little for `who`, who takes all this, or undefined. */
export function lackOf(needs: Bag, scene: LaunchScene, who: string): string | undefined {
  if (contains(scene.left, needs)) return undefined;
  const wanted = textOf(resourcesOf(needs), scene.role);
  return `Total resources ${wanted} required by ${who} more than available ${textOf(resourcesOf(scene.left), scene.role)}`;
}
