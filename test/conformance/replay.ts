/**
 * Replays a recorded exchange against the master machine under virtual time and reports every difference. The recorded calls go
 * in at their times; so does what the recorded agents said, but only if the master gave them cause. What the master says must
 * be what was recorded: in the same order on each stream, field by field, within 100 ms.
 *
 * Not compared, as Mesos leaves it open: the order of resources, attributes and executor ids in an offer and of offers in one
 * event, the numbers in offer ids, and whether an answer or the events of its call were read first (other connections).
 * The master's id, stream ids and times are handed in, not mapped. Timestamps of the master may differ by 100 ms.
 */
import { isDeepStrictEqual } from 'node:util';
import { createMaster, type MasterInput, type MasterOutput } from '../../runtime/cluster/master.ts';
import type { MasterToAgent } from '../../runtime/cluster/message.ts';
import type { Call, MesosEvent } from '../../runtime/kit/mesos.ts';
import {
  ALLOCATION_MS,
  agentsOf,
  batchPhase,
  callsOf,
  epochOf,
  fromAgent,
  isCut,
  masterIdOf,
  offersIn,
  registration,
  type Step,
  streamIdsOf,
  TOLERANCE_MS,
} from './recording.ts';

export interface Difference {
  /** Index in the recording; -1 when the master said what was not recorded. */
  step: number;
  what: string;
  recorded?: unknown;
  said?: unknown;
}

type Spoken = Extract<MasterOutput, { kind: 'answer' | 'event' | 'close' }>;

export function replay(steps: readonly Step[]): Difference[] {
  const replaying = createReplay(steps);
  steps.forEach((step, index) => {
    replaying.elapse(step);
    if (step.kind === 'call') replaying.onCall(step, index);
    if (step.kind === 'response') replaying.onResponse(step, index);
    if (step.kind === 'note') replaying.onNote(step, index);
    if (step.kind === 'event' && step.event) replaying.onEvent(step, step.event, index);
  });
  return replaying.end();
}

function createReplay(steps: readonly Step[]) {
  const differences: Difference[] = [];
  const epoch = epochOf(steps);
  const agents = agentsOf(steps);
  const streamIds = streamIdsOf(steps);
  const master = createMaster({
    id: masterIdOf(steps),
    host: '127.0.0.1',
    port: 5050,
    newId: () => streamIds.shift() ?? 'more subscriptions than recorded',
    domain: { fault_domain: { region: { name: 'region1' }, zone: { name: 'zone1' } } },
  });

  /** What the master said and the recording has not shown yet. */
  const said: { at: number; output: Spoken }[] = [];
  const orders: MasterToAgent[] = [];
  /** By the recording's number of the stream: the request that became it, and its framework. */
  const connections = new Map<number | undefined, number>();
  const frameworks = new Map<number | undefined, string>();
  const offerIds = new Map<string, string>();
  /** Streams that the scheduler closed itself. */
  const cut = new Set<number>();
  let asked: { connections: number[] } | undefined;

  const report = (step: number, what: string, recorded?: unknown, said?: unknown) =>
    differences.push({ step, what, recorded, said });

  function take(input: MasterInput, at: number): void {
    for (const output of master.take(input, epoch + at)) {
      if (output.kind === 'agent') orders.push(output.message);
      else if (output.kind !== 'save') said.push({ at, output });
    }
  }

  function peek<K extends Spoken['kind']>(kind: K, connection: number | undefined) {
    for (const { at, output } of said) {
      if (output.kind === kind && output.connection === connection) {
        return { at, output: output as Extract<Spoken, { kind: K }> };
      }
    }
    return undefined;
  }

  function next<K extends Spoken['kind']>(kind: K, connection: number | undefined) {
    const found = peek(kind, connection);
    if (found)
      said.splice(
        said.findIndex((item) => item.output === found.output),
        1,
      );
    return found;
  }

  function elapse(step: Step): void {
    for (let due = master.wakeAt(); due !== undefined && due <= epoch + step.t_ms; due = master.wakeAt()) {
      take({ kind: 'tick' }, due - epoch);
    }
  }

  function onCall(step: Step, index: number): void {
    // Of fifty calls on fifty connections the recorder kept no answers.
    for (const connection of asked?.connections ?? []) next('answer', connection);
    const calls = callsOf(step, frameworks.get(step.stream) ?? '');
    asked = { connections: calls.map((_, number) => index * 1000 + number) };
    const streamId = step.headers?.['Mesos-Stream-Id'];
    calls.forEach((call, number) => {
      const connection = index * 1000 + number;
      if (call.type === 'SUBSCRIBE') connections.set(step.stream, connection);
      const input = { kind: 'call' as const, connection, call: withOwnOffers(call, offerIds) };
      take(streamId === undefined ? input : { ...input, streamId }, step.t_ms);
    });
  }

  function onResponse(step: Step, index: number): void {
    if (step.of === 'operator') return;
    const several = (asked?.connections.length ?? 0) > 1;
    for (const connection of asked?.connections ?? []) {
      const answer = next('answer', connection)?.output;
      const recorded = {
        status: step.status,
        body: several ? '' : (step.body ?? ''),
        streamId: step.headers?.['Mesos-Stream-Id'],
      };
      const own = { status: answer?.status, body: answer?.body ?? '', streamId: answer?.streamId };
      if (!isDeepStrictEqual(recorded, own)) report(index, 'answer', recorded, own);
    }
    asked = undefined;
  }

  function onNote(step: Step, index: number): void {
    const connection = connections.get(step.stream);
    if (isCut(step) && connection !== undefined) {
      take({ kind: 'disconnected', connection }, step.t_ms);
      cut.add(connection);
    }
    if (!step.closed || (connection !== undefined && cut.has(connection))) return;
    if (!next('close', connection)) report(index, 'stream not closed');
  }

  function onEvent(step: Step, recorded: MesosEvent, index: number): void {
    const connection = connections.get(step.stream);
    // A new subscription hears a pending status from the master itself; else the agent said it now.
    const upcoming = peek('event', connection)?.output.event;
    const fed = isDeepStrictEqual(upcoming, recorded)
      ? undefined
      : fromAgent(recorded, steps, epoch + step.t_ms, frameworks.get(step.stream) ?? '');
    if (fed) {
      if (!hasCause(recorded, orders)) report(index, 'the agent was given no cause for this', recorded);
      const agent = agents.findIndex((offer) => offer.agent_id.value === fed.agentId);
      take({ kind: 'agent', agent, message: fed.message }, step.t_ms);
    }
    const heard = next('event', connection);
    if (!heard) {
      report(index, 'not said', recorded);
      return;
    }
    const { event } = heard.output;
    if (Math.abs(heard.at - step.t_ms) > TOLERANCE_MS) report(index, 'time', step.t_ms, heard.at);
    if (event.type === 'SUBSCRIBED') frameworks.set(step.stream, event.subscribed.framework_id.value);
    learnOfferIds(recorded, event, offerIds);
    const [a, b] = [comparable(recorded, offerIds), comparable(event, new Map())];
    if (!isSameEvent(a, b)) report(index, 'event', a, b);
  }

  function end(): Difference[] {
    for (const { output } of said) report(-1, 'not recorded', undefined, output);
    return differences;
  }

  // The batches of the replay fall together with those of the recording.
  const start = batchPhase(steps) - 2 * ALLOCATION_MS;
  agents.forEach((offer, agent) => {
    take({ kind: 'agent', agent, message: registration(offer) }, start);
  });
  return { elapse, onCall, onResponse, onNote, onEvent, end };
}

function withOwnOffers(call: Call, offerIds: ReadonlyMap<string, string>): Call {
  const own = (ids: { value: string }[]) => ids.map(({ value }) => ({ value: offerIds.get(value) ?? value }));
  if (call.type === 'ACCEPT') return { ...call, accept: { ...call.accept, offer_ids: own(call.accept.offer_ids) } };
  if (call.type === 'DECLINE') return { ...call, decline: { ...call.decline, offer_ids: own(call.decline.offer_ids) } };
  return call;
}

/** Whether the master ordered what the recorded agent then reported. */
function hasCause(event: MesosEvent, orders: readonly MasterToAgent[]): boolean {
  if (event.type === 'UPDATE') {
    const { task_id, state } = event.update.status;
    return orders.some((order) =>
      state === 'TASK_KILLED'
        ? order.kind === 'kill' && order.taskId === task_id.value
        : order.kind === 'launch' && order.tasks.some((task) => task.task_id.value === task_id.value),
    );
  }
  if (event.type === 'UPDATE_OPERATION_STATUS') {
    const id = event.update_operation_status.status.operation_id?.value;
    return orders.some((order) => order.kind === 'apply' && order.operation.id?.value === id);
  }
  if (event.type === 'FAILURE') {
    const id = event.failure.executor_id?.value;
    return orders.some((order) => order.kind === 'launch' && order.executor.executor_id.value === id);
  }
  return true;
}

/** Offers of one event are paired by their agents. */
function learnOfferIds(recorded: MesosEvent, own: MesosEvent, offerIds: Map<string, string>): void {
  const ours = offersIn(own);
  for (const offer of offersIn(recorded)) {
    const twin = ours.find((other) => other.agent_id.value === offer.agent_id.value);
    if (twin) offerIds.set(offer.id.value, twin.id.value);
  }
}

/** The event with what Mesos leaves open put into one order. */
function comparable(event: MesosEvent, offerIds: ReadonlyMap<string, string>): MesosEvent {
  if (event.type !== 'OFFERS') return event;
  const byText = <T>(items: readonly T[]) => [...items].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const offers = offersIn(event).map((offer) => ({
    ...offer,
    id: { value: offerIds.get(offer.id.value) ?? offer.id.value },
    resources: byText(offer.resources ?? []),
    attributes: byText(offer.attributes ?? []),
    ...(offer.executor_ids && { executor_ids: byText(offer.executor_ids) }),
  }));
  return { type: 'OFFERS', offers: { offers: offers.sort((a, b) => (a.agent_id.value < b.agent_id.value ? -1 : 1)) } };
}

/** JSON with sorted keys. */
function sortKey(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function isSameEvent(recorded: MesosEvent, own: MesosEvent): boolean {
  if (recorded.type !== 'UPDATE' || own.type !== 'UPDATE') return isDeepStrictEqual(recorded, own);
  const { timestamp = 0, ...status } = recorded.update.status;
  const { timestamp: ownTimestamp = 0, ...ownStatus } = own.update.status;
  return isDeepStrictEqual(status, ownStatus) && Math.abs(timestamp - ownTimestamp) * 1000 <= TOLERANCE_MS;
}
