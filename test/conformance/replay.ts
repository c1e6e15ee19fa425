/**
 * Replays a recorded exchange against the master machine under virtual time and reports every difference. The recorded calls go
 * in at their times; so does what the recorded agents said, but only if the master gave them cause. What the master says must
 * be what was recorded: in the same order on each stream, field by field, within 100 ms.
 *
 * Not compared, as Mesos leaves it open: the order of resources, their labels, attributes and executor ids in an offer and of offers in one event, of the
 * answers to an implicit reconciliation, the numbers in offer ids, and whether an answer or the events of its call were read first (other connections).
 * The master's id, stream ids and times are handed in, not mapped. Timestamps of the master may differ by 100 ms.
 */
import { isDeepStrictEqual } from 'node:util';
import { createMaster, type MasterInput, type MasterOutput } from '../../runtime/cluster/master.ts';
import type { MasterToAgent } from '../../runtime/cluster/message.ts';
import type { OperatorCall } from '../../runtime/cluster/operator-call.ts';
import type { Offer, Resource, TaskStatus } from '../../runtime/kit/mesos.ts';
import type { Call, MesosEvent } from '../../runtime/kit/mesos-call.ts';
import { openBooks } from './agent-books.ts';
import {
  agentsOf,
  batchesOf,
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

/** A batch was over this long before its offers were read. */
const READ_MS = 1;
/** The recorder likes to wait a second, and then calls when a batch has just begun: one that seems to be due so soon was first. */
const JUST_BEGUN_MS = 4;

type Spoken = Extract<MasterOutput, { kind: 'answer' | 'event' | 'close' }>;

/** What befell an agent, as the recorder's notes tell it: its number in the order of agent ids, and when. */
export interface Happening {
  at: number;
  agent: number;
  /** Frozen: orders do not reach it any more, and nobody knows. Lost: its connection broke. Back: it registers again. */
  what: 'frozen' | 'lost' | 'back';
}

export interface ReplayOptions {
  happenings?: readonly Happening[];
  /** How long after `lost` the recorded master gave an agent up. */
  agentTimeoutMs?: number;
}

export function replay(steps: readonly Step[], options: ReplayOptions = {}): Difference[] {
  const replaying = createReplay(steps, options);
  steps.forEach((step, index) => {
    replaying.elapse(step.t_ms);
    if (step.kind === 'call') replaying.onCall(step, index);
    if (step.kind === 'operator') replaying.onOperator(step, index);
    if (step.kind === 'response') replaying.onResponse(step, index);
    if (step.kind === 'note') replaying.onNote(step, index);
    if (step.kind === 'event' && step.event) replaying.onEvent(step, step.event, index);
  });
  return replaying.end();
}

function createReplay(steps: readonly Step[], { happenings = [], agentTimeoutMs = 75_000 }: ReplayOptions) {
  const differences: Difference[] = [];
  const epoch = epochOf(steps);
  const agents = agentsOf(steps);
  const books = agents.map(openBooks);
  const toCome = [...happenings];
  const streamIds = streamIdsOf(steps);
  const batches = batchesOf(steps);
  const master = createMaster({
    id: masterIdOf(steps),
    host: '127.0.0.1',
    port: 5050,
    allocationIntervalMs: batches.intervalMs,
    agentTimeoutMs,
    newId: () => streamIds.shift() ?? 'more subscriptions than recorded',
    domain: { fault_domain: { region: { name: 'region1' }, zone: { name: 'zone1' } } },
  });

  /** The batches of the replay fall together with those of the recording. */
  const start = ((batches.first - READ_MS) % batches.intervalMs) - 2 * batches.intervalMs;

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

  /** Of the master's clock, which never goes back. */
  let now = Number.NEGATIVE_INFINITY;

  function take(input: MasterInput, at: number): void {
    now = Math.max(now, at);
    for (const output of master.take(input, epoch + now)) {
      if (output.kind === 'agent') {
        orders.push(output.message);
        books[output.agent]?.takeOrder(output.message);
      }
      if (output.kind !== 'agent' && output.kind !== 'save') said.push({ at: now, output });
    }
  }

  /** Where a heartbeat stands among other events is open: it is looked for, or looked past. */
  function peek<K extends Spoken['kind']>(kind: K, connection: number | undefined, beat = false) {
    for (const { at, output } of said) {
      const isBeat = output.kind === 'event' && output.event.type === 'HEARTBEAT';
      if (output.kind === kind && output.connection === connection && isBeat === beat) {
        return { at, output: output as Extract<Spoken, { kind: K }> };
      }
    }
    return undefined;
  }

  function next<K extends Spoken['kind']>(kind: K, connection: number | undefined, beat = false) {
    const found = peek(kind, connection, beat);
    if (found)
      said.splice(
        said.findIndex((item) => item.output === found.output),
        1,
      );
    return found;
  }

  function befall({ agent, what, at }: Happening): void {
    const book = books[agent];
    if (!book) return;
    book.isFrozen = what !== 'back';
    if (what === 'lost') take({ kind: 'agent-lost', agent }, at);
    if (what === 'back') take({ kind: 'agent', agent, message: book.register() }, at);
  }

  /** What the master itself says of several tasks or operations at once comes in any order: that about the recorded one. */
  function answered(recorded: MesosEvent, connection: number | undefined) {
    const subject = subjectOf(recorded);
    if (subject === undefined) return undefined;
    const index = said.findIndex(
      ({ output }) =>
        output.kind === 'event' && output.connection === connection && subjectOf(output.event) === subject,
    );
    if (index < 0) return undefined;
    const [{ at, output }] = said.splice(index, 1) as [(typeof said)[number]];
    return { at, output: output as Extract<Spoken, { kind: 'event' }> };
  }

  /** Lets time pass up to `until`, or until the connection hears something. */
  function elapse(until: number, listener?: number, beat = false): void {
    while (toCome[0] && toCome[0].at <= until) {
      const happening = toCome.shift()!;
      elapse(happening.at);
      befall(happening);
    }
    for (let due = master.wakeAt(); due !== undefined && due <= epoch + until; due = master.wakeAt()) {
      if (listener !== undefined && peek('event', listener, beat)) return;
      take({ kind: 'tick' }, due - epoch);
    }
  }

  function onCall(step: Step, index: number): void {
    const sinceBatch = (step.t_ms + JUST_BEGUN_MS - start) % batches.intervalMs;
    if (sinceBatch <= JUST_BEGUN_MS) take({ kind: 'tick' }, step.t_ms + JUST_BEGUN_MS);
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

  /** The recorder kept only a part of what operators are shown; whether they are obeyed is compared. */
  function onOperator(step: Step, index: number): void {
    take({ kind: 'operator', connection: index * 1000, call: step.body as OperatorCall }, step.t_ms);
    asked = { connections: [index * 1000] };
  }

  function onResponse(step: Step, index: number): void {
    if (step.of === 'operator') {
      const answer = next('answer', asked?.connections[0])?.output;
      if (answer?.status !== step.status) report(index, 'answer', step.status, answer);
      return;
    }
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
    const fed =
      isDeepStrictEqual(upcoming, recorded) || isOwnNews(recorded)
        ? undefined
        : fromAgent(recorded, steps, epoch + step.t_ms, frameworks.get(step.stream) ?? '');
    if (fed) {
      if (!hasCause(recorded, orders)) report(index, 'the agent was given no cause for this', recorded);
      const agent = agents.findIndex((offer) => offer.agent_id.value === fed.agentId);
      books[agent]?.said(fed.message);
      take({ kind: 'agent', agent, message: fed.message }, step.t_ms);
    }
    // A recording is late by some milliseconds, or our timers are.
    const beat = recorded.type === 'HEARTBEAT';
    elapse(step.t_ms + TOLERANCE_MS, connection, beat);
    const heard = answered(recorded, connection) ?? next('event', connection, beat);
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

  agents.forEach((offer, agent) => {
    take({ kind: 'agent', agent, message: registration(offer) }, start);
  });
  return { elapse, onCall, onOperator, onResponse, onNote, onEvent, end };
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
    const { task_id, state, healthy } = event.update.status;
    const launch = orders.find(
      (order) => order.kind === 'launch' && order.tasks.some((task) => task.task_id.value === task_id.value),
    );
    // An executor kills by itself what is not well, and the others of a group (traces 03, 06).
    const ofGroup = launch?.kind === 'launch' && launch.tasks.length > 1;
    if (state !== 'TASK_KILLED' || healthy === false || ofGroup) return launch !== undefined;
    return orders.some((order) => order.kind === 'kill' && order.taskId === task_id.value);
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

/** A real master makes the agent say that it does not know a task; ours says it itself (trace 23). */
function isOwnNews(event: MesosEvent): boolean {
  if (event.type !== 'UPDATE') return false;
  const { state, reason } = event.update.status;
  return state === 'TASK_DROPPED' && reason === 'REASON_RECONCILIATION';
}

/** The task that a reconciliation is about, or the operation that was lost with its agent. */
function subjectOf(event: MesosEvent): string | undefined {
  if (event.type === 'UPDATE') {
    const { reason, task_id } = event.update.status;
    return reason === 'REASON_RECONCILIATION' ? `task ${task_id.value}` : undefined;
  }
  if (event.type !== 'UPDATE_OPERATION_STATUS') return undefined;
  const { state, operation_id } = event.update_operation_status.status;
  return state === 'OPERATION_DROPPED' ? `operation ${operation_id?.value}` : undefined;
}

/** Offers of one event are paired by their agents and roles. */
function learnOfferIds(recorded: MesosEvent, own: MesosEvent, offerIds: Map<string, string>): void {
  const ours = offersIn(own);
  for (const offer of offersIn(recorded)) {
    const twin = ours.find((other) => placeOf(other) === placeOf(offer));
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
    resources: byText((offer.resources ?? []).map(withSortedLabels)),
    attributes: byText(offer.attributes ?? []),
    ...(offer.executor_ids && { executor_ids: byText(offer.executor_ids) }),
  }));
  return { type: 'OFFERS', offers: { offers: offers.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)) } };
}

function placeOf(offer: Offer): string {
  return `${offer.agent_id.value} ${offer.allocation_info?.role}`;
}

/** A reservation is the same whatever the order of its labels (trace 09); which order is shown is open. */
function withSortedLabels(resource: Resource): Resource {
  const reservations = resource.reservations?.map(({ labels, ...reservation }) => ({
    ...reservation,
    ...(labels && { labels: { labels: [...(labels.labels ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1)) } }),
  }));
  return { ...resource, ...(reservations && { reservations }) };
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
  const [a, b] = [timeless(recorded.update.status), timeless(own.update.status)];
  return isDeepStrictEqual(a.rest, b.rest) && a.times.every((time, n) => Math.abs(time - b.times[n]!) <= TOLERANCE_MS);
}

/** A status and, apart from it, its times in milliseconds. */
function timeless({ timestamp = 0, unreachable_time, ...rest }: TaskStatus) {
  return { rest, times: [timestamp * 1000, (unreachable_time?.nanoseconds ?? 0) / 1e6] };
}
