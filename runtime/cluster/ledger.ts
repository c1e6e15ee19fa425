/**
 * What the master knows: frameworks, agents, tasks, offers. Promises that what an agent has left is always derived (total,
 * less what tasks and executors use, less what is offered), never stored, so that no resource can be lost or counted twice.
 * Who changes it keeps to `bookkeeping.ts`, which keeps both sides of each relation.
 */
import type { ExecutorInfo, KillPolicy, Offer, OperationState, TaskInfo, TaskState, TaskStatus } from '../kit/mesos.ts';
import type { FrameworkInfo } from '../kit/mesos-call.ts';
import { add, type Bag, subtract } from '../kit/resources.ts';
import type { Filters } from './filter.ts';
import type { AgentInfo } from './message.ts';

export interface Task {
  info: TaskInfo;
  frameworkId: string;
  agentId: string;
  executorId: string;
  role: string;
  /** In the form of `resource-form.ts`. */
  resources: Bag;
  /** The newest state that the agent told of; a terminal one frees the resources, acknowledged or not (trace 07). */
  latest: TaskState;
  /** What the framework was told, the last of each state, oldest first. */
  statuses: TaskStatus[];
  /** The agent's status that waits for its acknowledgement; a new subscription hears it again at once (trace 13). */
  pending?: TaskStatus;
  /** A KILL was asked for; said again to an agent that comes back (trace 23). */
  kill?: { killPolicy?: KillPolicy };
}

export interface Executor {
  frameworkId: string;
  info: ExecutorInfo;
  role: string;
  resources: Bag;
}

export interface Agent {
  id: string;
  info: AgentInfo;
  registeredAt: number;
  /** Absent while the agent is away. */
  link?: number;
  lostAt?: number;
  /** All it has, as reserved and made into volumes, operations that it has not confirmed included (trace 19). */
  total: Bag;
  executors: Executor[];
  /** Those of all frameworks that are here; what is over stays until it is acknowledged. */
  tasks: Set<Task>;
  offers: Set<StandingOffer>;
  operations: Operation[];
  /** Of an operator's DEACTIVATE_AGENT: nothing of it is offered (trace 14). */
  deactivated: boolean;
}

export interface Framework {
  id: string;
  info: FrameworkInfo;
  registeredAt: number;
  /** Known only from an agent that came back: it never subscribed to this master. */
  recovered: boolean;
  /** Absent while not subscribed. */
  stream?: { connection: number; id: string; nextHeartbeat: number };
  disconnectedAt?: number;
  suppressed: Set<string>;
  filters: Filters;
  /** How often it was offered something; the least offered goes first among equals. */
  turns: number;
  tasks: Map<string, Task>;
  completed: Task[];
}

export interface StandingOffer {
  offer: Offer;
  frameworkId: string;
  agentId: string;
  role: string;
  resources: Bag;
}

/** An operation with an id, until its status is acknowledged. Ids need not be unique (trace 10). */
export interface Operation {
  frameworkId: string;
  id: string;
  state: OperationState;
  uuid?: string;
}

export interface Ledger {
  masterId: string;
  agents: Map<string, Agent>;
  /** The agents that are connected, by their links. */
  links: Map<number, Agent>;
  /** Registered agents that are not connected. */
  away: Set<Agent>;
  /** Ids of agents of which more may be offered, or to more frameworks, than the last batch could: the next one's work. */
  stirred: Set<string>;
  /** Every agent that the registry knows: registered, recovering or unreachable. */
  admitted: Set<string>;
  /** Agents of the registry that are not back yet. */
  recovering: Set<string>;
  /** Agents away for too long, with the time they were given up. */
  unreachable: Map<string, number>;
  /** Agents that an operator marked as gone: they never come back. */
  gone: Set<string>;
  frameworks: Map<string, Framework>;
  removedFrameworks: Set<string>;
  offers: Map<string, StandingOffer>;
  nextAgent: number;
  nextFramework: number;
  nextOffer: number;
}

/** What is kept of the past: completed tasks of a framework, removed frameworks, unreachable agents. */
export const MEMORY = 1000;

const TERMINAL: ReadonlySet<TaskState> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}

/** What live tasks and executors hold, by who holds it. */
export function holdings({ tasks, executors }: Agent): { frameworkId: string; role: string; resources: Bag }[] {
  return [...[...tasks].filter((task) => !isTerminal(task.latest)), ...executors];
}

/** What live tasks and executors hold together: a bag of the caller's own. */
export function usedOn(agent: Agent): Bag {
  return sumOf(holdings(agent));
}

/** What several hold together: a bag of the caller's own. */
export function sumOf(holders: readonly { resources: Bag }[]): Bag {
  const sum: Bag = new Map();
  for (const { resources } of holders) add(sum, resources);
  return sum;
}

/** What can be offered of an agent now: a bag of the caller's own. */
export function availableOn(agent: Agent): Bag {
  const left = new Map(agent.total);
  for (const { resources } of [...holdings(agent), ...agent.offers]) subtract(left, resources);
  return left;
}

export function hasCapability(framework: Framework, type: string): boolean {
  return framework.info.capabilities?.some((capability) => capability.type === type) ?? false;
}

/** The roles of a framework: `roles` with MULTI_ROLE, else the one `role`. */
export function rolesOf(info: FrameworkInfo): string[] {
  const multi = info.capabilities?.some((capability) => capability.type === 'MULTI_ROLE') ?? false;
  return multi ? (info.roles ?? []) : [info.role ?? '*'];
}

/** Notes a status as the newest of its state. */
export function note(task: Task, status: TaskStatus): void {
  task.statuses = [...task.statuses.filter((known) => known.state !== status.state), status];
}

/** Keeps only the newest `MEMORY` entries of an ordered map or set; returns the keys that are forgotten. */
export function forgetOldest(remembered: Map<string, unknown> | Set<string>): string[] {
  const forgotten = [...remembered.keys()].slice(0, Math.max(0, remembered.size - MEMORY));
  for (const key of forgotten) remembered.delete(key);
  return forgotten;
}
