/** Placement over whole frames: many instances that are placed at once, and over several frames, keep to the rule together. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boot } from '../../../runtime/core/boot.ts';
import { frame } from '../../../runtime/core/frame.ts';
import { attributesText } from '../../../runtime/core/offer/placement-values.ts';
import { defaultSettings, type State } from '../../../runtime/core/state.ts';
import { labelOf } from '../../../runtime/core/tasks/record.ts';
import type { Offer } from '../../../runtime/kit/mesos.ts';
import { parsePlacement } from '../../../runtime/spec/placement.ts';
import { countingIds } from '../../simulation/ids.ts';
import { pod, service } from './service.ts';

/** With room for three pods. */
function offerOf(host: string, rack: string, region = 'east'): Offer {
  return {
    id: { value: `offer-${host}` },
    framework_id: { value: 'framework' },
    agent_id: { value: host },
    hostname: host,
    attributes: [{ name: 'rack', type: 'TEXT', text: { value: rack } }],
    domain: { fault_domain: { region: { name: region }, zone: { name: rack } } },
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 2 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 600 } },
      { name: 'disk', type: 'SCALAR', scalar: { value: 900 } },
    ],
  };
}

/** So many pods that may all start at once, and the offers of one frame after the other. */
function placedBy(placement: string, count: number, batches: readonly (readonly Offer[])[]): State {
  const read = parsePlacement(placement);
  if (!read.ok || !read.rule) throw new Error(`no rule: ${placement}`);
  const newId = countingIds();
  const spec = service(pod('data', { count, placement: read.rule }));
  const strategy = 'parallel' as const;
  const plans = [{ name: 'deploy', strategy, phases: [{ name: 'data', pod: 'data', strategy }] }];
  const booted = boot({}, { ok: true, spec, plans }, defaultSettings, 0, newId);
  if (!booted.ok) throw new Error(booted.errors.join());
  const { state } = booted;
  frame(state, [{ kind: 'subscribed', subscription: 1, frameworkId: 'framework' }], 1000, newId);
  for (const [at, offers] of batches.entries()) {
    frame(state, [{ kind: 'offers', subscription: 1, offers }], 2000 + at, newId);
  }
  return state;
}

/** How many instances have each value of a label. */
function spread(state: State, label: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { info } of state.services.get('shop')?.tasks.values() ?? []) {
    const value = labelOf(info, label) ?? '';
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

const racks = ['r1', 'r1', 'r1', 'r2', 'r3'].map((rack, at) => offerOf(`agent-${at}`, rack));

test('GROUP_BY a known number of racks spreads six instances evenly', () => {
  const even = { 'rack:r1': 2, 'rack:r2': 2, 'rack:r3': 2 };
  expect(spread(placedBy('rack:GROUP_BY:3', 6, [racks]), 'offer_attributes')).toEqual(even);
  const oneByOne = racks.map((offer) => [offer]);
  expect(spread(placedBy('rack:GROUP_BY:3', 6, [...oneByOne, ...oneByOne]), 'offer_attributes')).toEqual(even);
});

test('an instance without a place is told each agent that its rule excludes', () => {
  const state = placedBy('@zone:UNIQUE', 4, [racks]);
  expect(spread(state, 'offer_zone')).toEqual({ r1: 1, r2: 1, r3: 1 });
  const [explanation] = state.session.explanations.values();
  const excluded = explanation?.reasons.filter(({ need }) => need === 'placement @zone:UNIQUE');
  expect(new Set(excluded?.map(({ agent }) => agent))).toEqual(new Set(racks.map(({ hostname }) => hostname)));
});

const agents = fc
  .array(fc.constantFrom('r1', 'r2', 'r3', 'r4'), { minLength: 1, maxLength: 8 })
  .map((all) => all.map((rack, at) => offerOf(`agent-${at}`, rack)));

test('however many are placed at once, no value has more than it may have', () => {
  fc.assert(
    fc.property(agents, fc.nat(10), fc.integer({ min: 1, max: 3 }), fc.boolean(), (offers, count, max, atOnce) => {
      const batches = atOnce ? [offers] : offers.map((offer) => [offer]);
      const perRack = spread(placedBy(`rack:MAX_PER:${max}`, count, batches), 'offer_attributes');
      expect(Math.max(0, ...Object.values(perRack))).toBeLessThanOrEqual(max);
      // Three fit on an agent, so only the rule holds them back.
      const placed = Object.values(perRack).reduce((sum, number) => sum + number, 0);
      const valuesThere = new Set(offers.map(({ attributes }) => attributesText(attributes))).size;
      expect(placed).toBe(Math.min(count, valuesThere * max));
      const perHost = spread(placedBy('hostname:UNIQUE', count, batches), 'offer_hostname');
      expect(Object.values(perHost)).toEqual(Array(Math.min(count, offers.length)).fill(1));
    }),
    { numRuns: 50 },
  );
});
