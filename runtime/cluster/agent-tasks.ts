/**
 * The tasks of an agent, each from its launch to the acknowledgement of its last status. It promises that every status reaches the
 * framework in order, and that an executor ends with its last task; it never decides how a task proceeds (`executor.ts` does).
 */
import { assertNever } from '../kit/assert.ts';
import type { ExecutorInfo, KillPolicy, TaskInfo, TaskState, TaskStatus } from '../kit/mesos.ts';
import type { FrameworkInfo } from '../kit/mesos-call.ts';
import { execution, mounts, refusal, runDirectory, taskDirectory, volumeLinks } from './agent-container.ts';
import type { AgentConfig, CheckKind, CheckResult, Probe, SavedTask } from './agent-contract.ts';
import { type Turn, tell } from './agent-turn.ts';
import { acknowledge, createUpdates, dueAt, isDue, push, sayAgain, statusUuid, type Updates } from './agent-updates.ts';
import type { Question } from './check.ts';
import * as executor from './executor.ts';
import type { AgentTask } from './message.ts';

export interface Task extends Pick<SavedTask, 'frameworkId' | 'info' | 'executor' | 'directory'> {
  latest?: TaskStatus;
  readonly updates: Updates<TaskStatus>;
  /** While its process may live. */
  run?: executor.Run;
  /** Its framework was removed: nobody is told anything about it. */
  orphan?: true;
}

/** The tasks by framework and task id. */
export type Tasks = Map<string, Task>;

/** What the functions below work on. */
export interface Tasked {
  readonly config: AgentConfig;
  readonly turn: Turn;
  readonly tasks: Tasks;
  agentId?: string;
  /** Directories of executors that ended, oldest first. */
  readonly endedRuns: string[];
}

/** How many directories of ended executors are kept for their logs. */
const keptRuns = 50;

const livingStates: readonly TaskState[] = ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'];

/** The tasks of a former life. */
export function restoreTasks(saved: readonly SavedTask[]): Tasks {
  return new Map(
    saved.map(({ unacknowledged, ...task }) => [
      key(task.frameworkId, task.info.task_id.value),
      { ...task, updates: createUpdates(unacknowledged) },
    ]),
  );
}

export function saveTasks(tasks: Tasks): SavedTask[] {
  return [...tasks.values()].flatMap(({ frameworkId, info, executor, directory, latest, updates, orphan }) =>
    orphan || !latest ? [] : [{ frameworkId, info, executor, directory, latest, unacknowledged: [...updates.pending] }],
  );
}

/** The tasks as a registration tells them. */
export function listTasks(tasks: Tasks): AgentTask[] {
  return saveTasks(tasks).map(({ frameworkId, info, executor, latest }) => ({
    frameworkId,
    info,
    executor,
    status: latest,
  }));
}

/** Tasks that were running when the former life ended have failed. Not said yet: no master knows us. Returns them. */
export function failFormerTasks(agent: Tasked): Task[] {
  const lost = [...agent.tasks.values()].filter((task) => !task.run && isLiving(task.latest));
  for (const task of lost) {
    record(agent, task, {
      state: 'TASK_FAILED',
      message: 'Executor terminated: the agent was restarted',
      source: 'SOURCE_AGENT',
      reason: 'REASON_EXECUTOR_TERMINATED',
    });
    retire(agent, task.directory);
  }
  return lost;
}

/** A master knows us now: it hears again whatever was not acknowledged (fact 37). */
export function sayAllAgain(agent: Tasked): void {
  for (const task of agent.tasks.values()) {
    if (task.updates.pending.length === 0) continue;
    sayAgain(task.updates, agent.turn.now);
    sayFirst(agent, task);
  }
}

/** A task group joins the living executor of its id, or starts a new run of it. */
export function launch(agent: Tasked, framework: FrameworkInfo, info: ExecutorInfo, group: readonly TaskInfo[]): void {
  const { config, turn, tasks } = agent;
  const frameworkId = framework.id?.value ?? '';
  const executorId = info.executor_id.value;
  const peer = living(tasks).find(
    (task) => task.frameworkId === frameworkId && task.executor.executor_id.value === executorId,
  );
  const parent = peer?.run.parent ?? config.newId();
  const directory = runDirectory(config.workDir, agent.agentId ?? '', frameworkId, executorId, parent);
  const groupId = config.newId();
  for (const task of group) {
    const run: executor.Run = {
      container: config.newId(),
      parent,
      group: groupId,
      info: task,
      framework,
      groupEnds: false,
    };
    const launched: Task = { frameworkId, info: task, executor: info, directory, updates: createUpdates(), run };
    tasks.set(key(frameworkId, task.task_id.value), launched);
    follow(agent, launched, executor.onLaunch(run));
  }
  for (const task of living(tasks)) {
    if (task.run.group !== groupId) continue;
    const refused = refusal(task.info);
    if (refused) {
      onEnded(agent, task.run.container, { failure: refused });
      continue;
    }
    turn.outputs.push({
      kind: 'run',
      container: task.run.container,
      execution: execution(
        task.info.command ?? {},
        task.info,
        framework,
        taskDirectory(directory, task.run.container),
        config.ip,
      ),
      volumes: [...volumeLinks(config.workDir, task.info), ...mounts(task.info, directory)],
      executor: { directory, volumes: volumeLinks(config.workDir, info) },
      graceMs: executor.graceMs(task.info),
    });
  }
}

export function killTask(agent: Tasked, frameworkId: string, taskId: string, policy: KillPolicy | undefined): void {
  const task = agent.tasks.get(key(frameworkId, taskId));
  if (task?.run) follow(agent, task, executor.kill(task.run, executor.graceMs(task.info, policy), agent.turn.now));
}

export function onStarted(agent: Tasked, container: string, pid: number): void {
  const task = find(agent.tasks, container);
  if (task) follow(agent, task, executor.onStarted(task.run, pid, agent.turn.now));
}

export function onCheckResult(
  agent: Tasked,
  container: string,
  kind: CheckKind,
  run: number,
  result: CheckResult,
): void {
  const task = find(agent.tasks, container);
  if (task) follow(agent, task, executor.onCheckResult(task.run, kind, run, result, agent.turn.now));
}

/** A container is gone: the task's last status, what follows for its group, and the executor's end after its last task. */
export function onEnded(agent: Tasked, container: string, end: executor.End): void {
  const { tasks, turn } = agent;
  const task = find(tasks, container);
  if (!task) return;
  const { run } = task;
  const siblings = living(tasks).filter((other) => other !== task && other.run.group === run.group);
  const { last, kills } = executor.onEnded(
    run,
    end,
    siblings.map((sibling) => sibling.run),
    turn.now,
  );
  follow(agent, task, [last]);
  delete (task as Task).run;
  if (task.orphan) tasks.delete(key(task.frameworkId, task.info.task_id.value));
  siblings.forEach((sibling, index) => {
    follow(agent, sibling, kills[index] ?? []);
  });
  if (living(tasks).some((other) => other.run.parent === run.parent)) return;
  tell(turn, {
    kind: 'executor-ended',
    frameworkId: task.frameworkId,
    executorId: task.executor.executor_id.value,
    status: 0,
  });
  retire(agent, task.directory);
}

/** Takes the status off, says the next one, and forgets the task after its last. Anything but the status being said is ignored. */
export function onAcknowledge(agent: Tasked, frameworkId: string, taskId: string, uuid: string): void {
  const task = agent.tasks.get(key(frameworkId, taskId));
  if (!task || task.updates.pending[0]?.uuid !== uuid) return;
  agent.turn.changed = true;
  acknowledge(task.updates, agent.turn.now);
  if (task.updates.pending.length > 0) sayFirst(agent, task);
  else if (!isLiving(task.latest)) agent.tasks.delete(key(frameworkId, taskId));
}

/** Ends the tasks of a removed framework and forgets them; nobody waits for their statuses. */
export function abandon(agent: Tasked, frameworkId: string): void {
  agent.turn.changed = true;
  for (const [id, task] of agent.tasks) {
    if (task.frameworkId !== frameworkId) continue;
    task.orphan = true;
    task.updates.pending = [];
    if (task.run) killTask(agent, frameworkId, task.info.task_id.value, undefined);
    else agent.tasks.delete(id);
  }
}

export function onTime(agent: Tasked): void {
  const { now } = agent.turn;
  for (const task of agent.tasks.values()) {
    if (task.run) follow(agent, task, executor.onTime(task.run, now));
    if (isDue(task.updates, now)) sayFirst(agent, task);
  }
}

/** When `onTime` may next have something to do. */
export function wakeAt(tasks: Tasks): number {
  const times = [...tasks.values()].map((task) =>
    Math.min(dueAt(task.updates), task.run ? executor.wakeAt(task.run) : Number.POSITIVE_INFINITY),
  );
  return Math.min(...times);
}

/** Does what the executor decided about a task. */
function follow(agent: Tasked, task: Task, steps: readonly executor.Step[]): void {
  const { config, turn } = agent;
  const run = task.run!;
  for (const step of steps) {
    switch (step.kind) {
      case 'say': {
        const status = {
          ...step.news,
          source: 'SOURCE_EXECUTOR',
          container_status: containerStatus(run, step.news.state, config.ip),
        } as const;
        if (record(agent, task, status)) sayFirst(agent, task);
        break;
      }
      case 'signal':
        turn.outputs.push({ kind: 'signal', container: run.container, signal: step.signal });
        break;
      case 'check':
        turn.outputs.push({
          kind: 'check',
          container: run.container,
          check: step.check,
          run: step.run,
          probe: probeOf(step.asks, run, task.directory, config.ip),
          timeoutMs: step.timeoutMs,
        });
        break;
      default:
        assertNever(step);
    }
  }
}

/** A command runs in the task's directory and environment. */
function probeOf(asks: Question, run: executor.Run, directory: string, ip: string): Probe {
  if (asks.kind !== 'command') return asks;
  const sandbox = taskDirectory(directory, run.container);
  return { kind: 'command', execution: execution(asks.command, run.info, run.framework, sandbox, ip) };
}

/** Queues a status; returns whether it is to be said now. */
function record(agent: Tasked, task: Task, news: Omit<TaskStatus, 'task_id'>): boolean {
  if (task.orphan) return false;
  const { turn, config, agentId } = agent;
  turn.changed = true;
  task.latest = {
    ...news,
    task_id: task.info.task_id,
    executor_id: task.executor.executor_id,
    ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
    timestamp: turn.now / 1000,
    uuid: statusUuid(config.newId),
  };
  return push(task.updates, task.latest, turn.now);
}

function sayFirst({ turn }: Tasked, { frameworkId, updates, latest }: Task): void {
  tell(turn, { kind: 'status', frameworkId, status: updates.pending[0]!, latest: latest! });
}

/** Terminal statuses name the container only (trace 02). */
function containerStatus(run: executor.Run, state: TaskState, ip: string): TaskStatus['container_status'] {
  const container_id = { value: run.container, parent: { value: run.parent } };
  if (!livingStates.includes(state)) return { container_id };
  const network_infos = [{ ip_addresses: [{ protocol: 'IPv4', ip_address: ip }] }];
  return { container_id, network_infos, ...(run.pid === undefined ? {} : { executor_pid: run.pid }) };
}

function retire({ turn, endedRuns }: Tasked, directory: string): void {
  if (endedRuns.includes(directory)) return;
  turn.changed = true;
  endedRuns.push(directory);
  while (endedRuns.length > keptRuns) turn.outputs.push({ kind: 'remove-sandbox', path: endedRuns.shift()! });
}

type LivingTask = Task & { run: executor.Run };

function living(tasks: Tasks): LivingTask[] {
  return [...tasks.values()].filter((task): task is LivingTask => task.run !== undefined);
}

function find(tasks: Tasks, container: string): LivingTask | undefined {
  return living(tasks).find((task) => task.run.container === container);
}

function isLiving(status: TaskStatus | undefined): boolean {
  return status !== undefined && livingStates.includes(status.state);
}

function key(frameworkId: string, taskId: string): string {
  return `${frameworkId}/${taskId}`;
}
