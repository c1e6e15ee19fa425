import { expect, test } from 'vitest';
import type { Event } from '../../runtime/core/event.ts';
import { inTurn } from '../../runtime/mesos/masters.ts';
import { meteredCommit, meteredFrame, meteredWire } from '../../runtime/metered.ts';
import { type Metrics, newMetrics, snapshotOf } from '../../runtime/metrics/metrics.ts';
import { openMemoryTree } from '../../runtime/store/memory.ts';
import { eventually } from '../support/eventually.ts';
import { countedIds, FRAMEWORK, helloWorld, stateOf } from './api/hello-world.ts';
import { accept, bytesOf, kill, listen, type Request, subscribe, subscribed } from './mesos/loopback.ts';

const numbers = () => newMetrics(() => performance.now());
const countersOf = (metrics: Metrics) => Object.fromEntries(snapshotOf(metrics, new Map()).counters);
const countOf = ({ timers }: Metrics, name: string) => timers.get(name)?.durations.count;

test('a REVIVE that has to wait is counted once, however many frames it waits', () => {
  const metrics = numbers();
  const state = stateOf(helloWorld([]), FRAMEWORK);
  const decide = meteredFrame(metrics);
  const say = (now: number, ...events: Event[]) =>
    decide(state, events, now, countedIds()).calls.map(({ type }) => type);
  Object.assign(state.session, { subscription: 1, suppressed: true, lastReviveAt: 1_000 });

  expect(say(1_100, { kind: 'tick' })).not.toContain('REVIVE');
  expect(say(1_200, { kind: 'tick' })).not.toContain('REVIVE');
  expect(countersOf(metrics)).toEqual({ 'revives.throttles': 1 });
  expect(say(2_000, { kind: 'tick' })).toContain('REVIVE');
  expect(countersOf(metrics)).toEqual({ 'revives.throttles': 1 });
  expect(countOf(metrics, 'offers.process')).toBe(3);
});

test('a transaction is weighed by what it puts', async () => {
  const metrics = numbers();
  const commit = meteredCommit(metrics, openMemoryTree());
  await commit([
    { kind: 'put', path: 'a', data: new Uint8Array(100) },
    { kind: 'put', path: 'b', data: new Uint8Array(20) },
    { kind: 'delete', path: 'a' },
  ]);
  const { histograms } = snapshotOf(metrics, new Map());
  expect(histograms.map(([name, { max }]) => [name, max])).toEqual([
    ['store.commit.bytes', 120],
    ['store.commit.writes', 3],
  ]);
  expect(countOf(metrics, 'store.commit')).toBe(1);
});

test('a transaction that the store refuses is refused as before, and not counted', async () => {
  const metrics = numbers();
  const broken = { ...openMemoryTree(), commit: () => Promise.reject(new Error('the disk is full')) };
  await expect(meteredCommit(metrics, broken)([])).rejects.toThrow('the disk is full');
  expect(countOf(metrics, 'store.commit')).toBeUndefined();
});

test('calls are under way until the master answers, and none is once the connection is gone', async () => {
  const metrics = numbers();
  const calls: Request[] = [];
  const url = await listen((request) => {
    if (request.call.type !== 'SUBSCRIBE') return void calls.push(request);
    accept(request.response);
    request.response.write(bytesOf(subscribed));
  });
  const wire = meteredWire(metrics, { masters: inTurn([url]) });
  const told: string[] = [];
  const connection = wire.connect(subscribe, ({ kind }) => told.push(kind));
  await eventually(() => expect(told).toEqual(['opened', 'event']));

  for (const n of [1, 2]) connection.send(kill(n));
  expect(wire.unanswered()).toBe(2);
  await eventually(() => expect(calls).toHaveLength(1));
  calls[0]?.response.writeHead(202).end();
  await eventually(() => expect(wire.unanswered()).toBe(1));
  expect(countOf(metrics, 'mesos.call')).toBe(1);

  connection.close();
  expect(wire.unanswered()).toBe(0);
  expect(told).toEqual(['opened', 'event', 'closed']);
  expect(countersOf(metrics)).toMatchObject({
    'mesos.calls.subscribe': 1,
    'mesos.events.subscribed': 1,
    'mesos.calls.kill': 2,
    'mesos.disconnects': 1,
  });
});
