/**
 * Reads a recording of a real master: who its agents are, when its batches fell, which calls were made, what agents must have
 * said. Promises to know the recorder's habits, so that `replay.ts` need not.
 */
import type { AgentToMaster } from '../../runtime/cluster/message.ts';
import type { Offer, TaskStatus } from '../../runtime/kit/mesos.ts';
import type { Call, MesosEvent } from '../../runtime/kit/mesos-call.ts';

export interface Trace {
  scenario: string;
  steps: Step[];
}

/** One line of a recording; `t_ms` counts from its first call. */
export interface Step {
  t_ms: number;
  kind: 'call' | 'response' | 'event' | 'note' | 'operator';
  stream?: number;
  headers?: Record<string, string>;
  body?: unknown;
  status?: number;
  event?: MesosEvent;
  /** What a response answers: the type of the call, or `operator`. */
  of?: string;
  text?: string;
  /** On a note: the stream ended. */
  closed?: boolean;
}

/** Events are read up to this long after they were said. */
export const TOLERANCE_MS = 100;

const ALLOCATION_MS = 1000;

/** Milliseconds since the epoch at t_ms 0: the master stamps a reconciliation the moment before it is read. */
export function epochOf(steps: readonly Step[]): number {
  for (const { event, t_ms } of steps) {
    const status = event?.type === 'UPDATE' ? event.update.status : undefined;
    if (status?.source === 'SOURCE_MASTER' && status.timestamp !== undefined) return status.timestamp * 1000 - t_ms;
  }
  return 1_795_255_000_000;
}

/** Ids of the streams in the order of their subscriptions. */
export function streamIdsOf(steps: readonly Step[]): string[] {
  return [...new Set(steps.flatMap((step) => step.headers?.['Mesos-Stream-Id'] ?? []))];
}

export function masterIdOf(steps: readonly Step[]): string {
  for (const { event } of steps) {
    if (event?.type === 'SUBSCRIBED' && event.subscribed.master_info) return event.subscribed.master_info.id;
  }
  throw new Error('nobody subscribes in this recording');
}

export function offersIn(event: MesosEvent | undefined): Offer[] {
  return event?.type === 'OFFERS' ? (event.offers.offers ?? []) : [];
}

/** The first offer of each agent, in the order of the agents' numbers, with all that the agent has: it may show several roles. */
export function agentsOf(steps: readonly Step[]): Offer[] {
  const first = new Map<string, Offer>();
  for (const { event } of steps) {
    const offers = offersIn(event).filter((offer) => !first.has(offer.agent_id.value));
    for (const offer of offers) {
      const known = first.get(offer.agent_id.value);
      const resources = [...(known?.resources ?? []), ...(offer.resources ?? [])];
      first.set(offer.agent_id.value, { ...offer, resources });
    }
  }
  return [...first.values()].sort((a, b) => (a.agent_id.value < b.agent_id.value ? -1 : 1));
}

/** How an agent registers of which this was the first offer. */
export function registration({ hostname, url, domain, resources = [], attributes = [] }: Offer): AgentToMaster {
  return {
    kind: 'register',
    agent: {
      hostname,
      ip: url?.address.ip ?? '',
      port: url?.address.port ?? 0,
      resources,
      attributes,
      ...(domain && { domain }),
    },
    checkpointed: resources,
    tasks: [],
    frameworks: [],
    operations: [],
  };
}

/**
 * When the batches fell: the first OFFERS that no call triggered. A real master begins an interval when its batch is done, so each is a millisecond or so longer than it was asked for.
 */
export function batchesOf(steps: readonly Step[]): { first: number; intervalMs: number } {
  const trigger = /^(SUBSCRIBE|REVIVE)$/;
  const calls = steps.filter((step) => step.kind === 'call' && trigger.test((step.body as Call).type));
  const [first, ...later] = steps
    .filter(({ event, t_ms }) => {
      return event?.type === 'OFFERS' && !calls.some((call) => call.t_ms <= t_ms && call.t_ms > t_ms - TOLERANCE_MS);
    })
    .map((step) => step.t_ms);
  if (first === undefined) return { first: 0, intervalMs: ALLOCATION_MS };
  const intervals = later.map((at) => (at - first) / Math.round((at - first) / ALLOCATION_MS));
  // Others are of agents that came: they are offered at once.
  const intervalMs = intervals.findLast((ms) => ms >= ALLOCATION_MS && ms < ALLOCATION_MS + LONGEST_BATCH_MS);
  return { first, intervalMs: intervalMs ?? ALLOCATION_MS };
}

const LONGEST_BATCH_MS = 2;

/**
 * The lives of the masters of a recording, as ranges of steps: a new one begins with the call that a master of another id answers
 * with SUBSCRIBED.
 */
export function livesOf(steps: readonly Step[]): { from: number; to: number }[] {
  const starts: number[] = [];
  let master: string | undefined;
  steps.forEach(({ event }, index) => {
    const id = event?.type === 'SUBSCRIBED' ? event.subscribed.master_info?.id : undefined;
    if (id === undefined || id === master) return;
    const call = steps.findLastIndex((step, at) => at < index && step.kind === 'call');
    starts.push(master === undefined ? 0 : call);
    master = id;
  });
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? steps.length }));
}

/** Whether the scheduler hangs up here. */
export function isCut(step: Step): boolean {
  return step.text === 'the scheduler closes the TCP connection of the stream';
}

/** A recorded call; the recorder sums up series of RECONCILE, and how the master took those of many connections: last first. */
export function callsOf(step: Step, frameworkId: string): Call[] {
  if (typeof step.body !== 'string') return [step.body as Call];
  const [, count, name] = /^(\d+) x RECONCILE of (\w+)-<i>/.exec(step.body) ?? [];
  if (count === undefined) throw new Error(`not a call: ${step.body}`);
  const series = Array.from({ length: Number(count) }, (_, i) => ({
    type: 'RECONCILE' as const,
    framework_id: { value: frameworkId },
    reconcile: { tasks: [{ task_id: { value: `${name}-${i}` } }] },
  }));
  return step.body.includes('each on its own connection') ? series.reverse() : series;
}

/** What an agent said to make the master say this, if it was an agent: a uuid or an executor's end shows it. */
export function fromAgent(
  event: MesosEvent,
  steps: readonly Step[],
  now: number,
  frameworkId: string,
): { agentId: string | undefined; message: AgentToMaster } | undefined {
  if (event.type === 'UPDATE' && event.update.status.uuid !== undefined) {
    const { status } = event.update;
    const message = { kind: 'status' as const, frameworkId, status, latest: latestOf(status, steps, now) };
    return { agentId: status.agent_id?.value, message };
  }
  if (event.type === 'UPDATE_OPERATION_STATUS' && event.update_operation_status.status.uuid !== undefined) {
    const { status } = event.update_operation_status;
    return { agentId: status.agent_id?.value, message: { kind: 'operation', frameworkId, status } };
  }
  if (event.type === 'FAILURE' && event.failure.executor_id) {
    const { agent_id, executor_id, status = 0 } = event.failure;
    const message = { kind: 'executor-ended' as const, frameworkId, executorId: executor_id.value, status };
    return { agentId: agent_id?.value, message };
  }
  return undefined;
}

/** The newest status that the agent had by now: its statuses say when they were made, whenever they were delivered. */
function latestOf(status: TaskStatus, steps: readonly Step[], now: number): TaskStatus {
  let latest = status;
  for (const { event } of steps) {
    if (event?.type !== 'UPDATE' || event.update.status.uuid === undefined) continue;
    const other = event.update.status;
    if (other.task_id.value !== status.task_id.value || (other.timestamp ?? 0) * 1000 > now) continue;
    if ((other.timestamp ?? 0) > (latest.timestamp ?? 0)) latest = other;
  }
  return latest;
}
