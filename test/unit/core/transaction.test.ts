/** What one transaction holds: a frame stops deciding in time, and the next ones go on as if there had been one. */
import { describe, expect, test } from 'vitest';
import { boot } from '../../../runtime/core/boot.ts';
import { sizeOf, transactionsOf, type Write } from '../../../runtime/core/effect.ts';
import type { Event } from '../../../runtime/core/event.ts';
import { frame } from '../../../runtime/core/frame.ts';
import { defaultSettings, type State } from '../../../runtime/core/state.ts';
import type { Offer } from '../../../runtime/kit/mesos.ts';
import { countingIds } from '../../simulation/ids.ts';
import { pod, service } from './service.ts';

/** Ten agents with room for one pod each. */
const offers = Array.from(
  { length: 10 },
  (_, at): Offer => ({
    id: { value: `offer-${at}` },
    framework_id: { value: 'framework' },
    agent_id: { value: `agent-${at}` },
    hostname: `agent-${at}`,
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 200 } },
      { name: 'disk', type: 'SCALAR', scalar: { value: 300 } },
    ],
  }),
);

const inParallel = [
  {
    name: 'deploy',
    strategy: 'parallel' as const,
    phases: [{ name: 'web', pod: 'web', strategy: 'parallel' as const }],
  },
];

/** Ten pods at once, in transactions of this size; the frames that follow each other until nothing is left to decide. */
function frames(transactionBytes: number) {
  const newId = countingIds();
  const spec = service(pod('web', { count: 10 }));
  const settings = { ...defaultSettings, transactionBytes };
  const booted = boot({}, { ok: true, spec, plans: inParallel }, settings, 0, newId);
  if (!booted.ok) throw new Error(booted.errors.join());
  const { state } = booted;
  const first: Event[] = [
    { kind: 'subscribed', subscription: 1, frameworkId: 'framework' },
    { kind: 'offers', subscription: 1, offers },
  ];
  const all = [frame(state, first, 1000, newId)];
  while (all.at(-1)?.wakeAt === 1000) {
    const { taken } = all.at(-1) as ReturnType<typeof frame>;
    all.push(frame(state, all.length === 1 ? first.slice(taken) : [{ kind: 'tick' }], 1000, newId));
  }
  return { state, all };
}

function launched(state: State): number {
  return state.services.get('shop')?.tasks.size ?? 0;
}

describe('a frame with more to decide than a transaction holds', () => {
  test('everything fits: one frame launches all ten', () => {
    const { state, all } = frames(1_000_000);
    expect([all.length, launched(state)]).toEqual([1, 10]);
  });

  test('a transaction ends with the decision that fills it, and the last frame has decided everything', () => {
    const { state, all } = frames(6000);
    const sizes = all.map(({ writes }) => writes.reduce((sum, write) => sum + sizeOf(write), 0));
    const largestDecision = Math.max(...sizes) - 6000;
    expect(all.length).toBeGreaterThan(2);
    expect(largestDecision).toBeLessThan(6000);
    expect(launched(state)).toBe(10);
    // While the rest is waited for, offers are kept and nothing is suppressed.
    expect(all.flatMap(({ calls }) => calls.map((call) => call.type))).not.toContain('SUPPRESS');
    expect(all.flatMap(({ calls }) => calls).some((call) => call.type === 'DECLINE')).toBe(false);
  });

  test('events that do not fit any more come again', () => {
    const newId = countingIds();
    const { state } = frames(1_000_000);
    const small = { ...state, settings: { ...state.settings, transactionBytes: 100 } };
    const statuses = [...(state.services.get('shop')?.tasks.values() ?? [])].map(
      ({ info }): Event => ({
        kind: 'status',
        subscription: 1,
        status: { task_id: info.task_id, agent_id: info.agent_id, state: 'TASK_RUNNING', uuid: 'AA==' },
      }),
    );
    const { taken, calls } = frame(small, statuses, 2000, newId);
    expect(taken).toBe(1);
    expect(calls.filter((call) => call.type === 'ACKNOWLEDGE')).toHaveLength(1);
  });
});

describe('the writes of a start', () => {
  const property = (key: string): Write => ({ kind: 'property', service: 'shop', key, value: 'x'.repeat(100) });
  const override = (task: string): Write => ({ kind: 'override', service: 'shop', task });

  test('keep their order over as many transactions as it takes', () => {
    const writes = ['a', 'b', 'c', 'd', 'e'].map(property);
    const transactions = transactionsOf(writes, 300);
    expect(transactions.length).toBeGreaterThan(1);
    expect(transactions.flat()).toEqual(writes);
  });

  test('of one task are never parted', () => {
    const writes = [override('a'), override('a'), override('b'), override('b')];
    expect(transactionsOf(writes, 1).map((transaction) => transaction.length)).toEqual([2, 2]);
  });

  test('nothing to write: no transaction', () => {
    expect(transactionsOf([], 300)).toEqual([]);
  });
});
