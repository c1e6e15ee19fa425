import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allows, refusal } from '../../../runtime/core/offer/placement.ts';
import {
  attributesText,
  placeOf,
  recordedPlace,
  type Whereabouts,
} from '../../../runtime/core/offer/placement-values.ts';
import { type PlacementView, placed, placementView } from '../../../runtime/core/offer/placement-view.ts';
import { exclusion } from '../../../runtime/core/offer/placement-words.ts';
import type { Attribute, TaskInfo } from '../../../runtime/kit/mesos.ts';
import { parsePlacement } from '../../../runtime/spec/placement.ts';
import { placementText } from '../../../runtime/spec/placement-text.ts';
import type { PlacementRule } from '../../../runtime/spec/service.ts';

const text = (name: string, value: string): Attribute => ({ name, type: 'TEXT', text: { value } });

function agent(hostname: string, rack?: string, zone?: string, region = 'east'): Whereabouts {
  return {
    hostname,
    ...(rack ? { attributes: [text('rack', rack)] } : {}),
    ...(zone ? { domain: { fault_domain: { region: { name: region }, zone: { name: zone } } } } : {}),
  };
}

const AGENTS: Readonly<Record<string, Whereabouts>> = {
  a: agent('a', 'r1', 'z1'),
  b: agent('b', 'r1', 'z2'),
  c: agent('c', 'r2', 'z2'),
  d: agent('d', 'r3', 'z3', 'west'),
  bare: agent('bare'),
  ssd: { hostname: 'ssd', attributes: [text('disk', 'ssd'), text('rack', 'r1'), text('rack', 'r2')] },
  big: {
    hostname: '100',
    attributes: [
      { name: 'cores', type: 'SCALAR', scalar: { value: 16 } },
      { name: 'slots', type: 'RANGES', ranges: { range: [{ begin: 1, end: 4 }, { begin: 8, end: 9 }] } }, // biome-ignore format: one line
      { name: 'roles', type: 'SET', set: { item: ['db', 'web'] } },
    ],
  },
};

const at = (name: string): Whereabouts => {
  const found = AGENTS[name];
  if (!found) throw new Error(`no agent ${name}`);
  return found;
};

/** The labels of a task of `data-0` that was launched on this agent. */
function infoOf(podType: string, index: number, task: string, where: Whereabouts): TaskInfo {
  const domain = where.domain?.fault_domain;
  const labels = {
    task_type: podType,
    index: String(index),
    offer_hostname: where.hostname,
    offer_attributes: attributesText(where.attributes),
    ...(domain ? { offer_region: domain.region.name, offer_zone: domain.zone.name } : {}),
  };
  return {
    name: `${podType}-${index}-${task}`,
    task_id: { value: '' },
    agent_id: { value: where.hostname },
    labels: { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) },
  };
}

/** `data-0@a` has two tasks, as most pods of the field; `masters` is the region of the masters. */
function viewOf(running: readonly string[], masters?: string): PlacementView {
  const tasks = new Map<string, { info: TaskInfo }>();
  for (const instance of running) {
    const [, podType = '', index, host = ''] = /^(.*)-([0-9]+)@(.*)$/.exec(instance) ?? [];
    for (const task of ['node', 'sidecar']) {
      const info = infoOf(podType, Number(index), task, at(host));
      tasks.set(info.name, { info });
    }
  }
  return placementView(
    { tasks },
    masters ? { fault_domain: { region: { name: masters }, zone: { name: 'z' } } } : undefined,
  );
}

function ruleOf(placement: string): PlacementRule {
  const read = parsePlacement(placement);
  if (!read.ok || !read.rule) throw new Error(`no rule: ${placement}`);
  return read.rule;
}

/** Where data-9 may go: the names of the agents. */
function allowed(rule: PlacementRule, running: readonly string[], index = 9, masters?: string): string[] {
  const view = viewOf(running, masters);
  return Object.keys(AGENTS).filter((name) => allows(rule, view, 'data', index, at(name)));
}

describe('an instance may go to', () => {
  test.each([
    ['hosts without another of its type', 'hostname:UNIQUE', ['data-0@a'], 'b c d bare ssd big'],
    ['hosts that run other types', 'hostname:UNIQUE', ['meta-0@a', 'data-x-0@b'], 'a b c d bare ssd big'],
    [
      'hosts with room, counting instances and not tasks',
      'hostname:MAX_PER:2',
      ['data-0@a', 'data-1@b', 'data-2@b'],
      'a c d bare ssd big',
    ],
    ['zones without another of its type', '@zone:UNIQUE', ['data-0@b'], 'a d'],
    ['zones with room', '@zone:MAX_PER:2', ['data-0@b', 'data-1@c', 'data-2@a'], 'a d'],
    ['regions with room; no region cannot be counted', '@region:MAX_PER:1', ['data-0@a'], 'd'],
    ['racks without another of its type; no rack cannot be counted', 'rack:UNIQUE', ['data-0@a'], 'c d'],
    [
      'racks with room, all of them where an agent is in two',
      'rack:MAX_PER:2',
      ['data-0@a', 'data-1@b', 'data-2@c'],
      'c d',
    ],
    ['any rack while none is taken', 'rack:UNIQUE', [], 'a b c d ssd'],
    ['one value', 'rack:IS:r2', [], 'c ssd'],
    ['one value, as CLUSTER', 'rack:CLUSTER:r2', [], 'c ssd'],
    ['all but one value; no rack is another rack', 'rack:IS_NOT:r1', [], 'c d bare big'],
    ['one host', 'hostname:IS:c', [], 'c'],
    ['one zone', '@zone:IS:z2', [], 'b c'],
    ['no region by that name', '@region:IS_NOT:east', [], 'd bare ssd big'],
    ['a number, however it is written', 'cores:IS:16', [], 'big'],
    ['a number at three decimals', 'cores:IS:1.60001e1', [], 'big'],
    ['a host name that is a number', 'hostname:IS:100.0', [], 'big'],
    ['ranges as Mesos prints them', String.raw`slots:IS:[1-4\,8-9]`, [], 'big'],
    ['a set as Mesos prints it', String.raw`roles:LIKE:.*\bweb\b.*`, [], 'big'],
    ['what fully matches', 'hostname:LIKE:[abc]|bar', [], 'a b c'],
    ['what does not fully match', 'hostname:UNLIKE:[abc]|bar', [], 'd bare ssd big'],
    ['either end of an alternative', 'rack:LIKE:r2|r3', [], 'c d ssd'],
    ['no rack that matches', 'rack:UNLIKE:r[12]', [], 'd bare big'],
    ['numbers with their decimals, in patterns', String.raw`cores:LIKE:16\.000`, [], 'big'],
    ['attributes by their exact name', 'Rack:IS:r1', [], ''],
    ['attributes by their whole name', 'role:LIKE:.*', [], ''],
    ['names that only look like a pattern', 'r.ck:LIKE:.*', [], ''],
    ['both rules', 'rack:LIKE:r.*,hostname:UNIQUE', ['data-0@a'], 'b c d ssd'],
  ])('%s', (_, placement, running, names) => {
    expect(allowed(ruleOf(placement), running).join(' ')).toBe(names);
  });
});

describe('round robin', () => {
  test.each([
    ['begins anywhere', 'rack:GROUP_BY:3', [], 'a b c d ssd'],
    ['needs a value', '@zone:GROUP_BY', [], 'a b c d'],
    ['goes on with values unseen so far', 'rack:GROUP_BY:3', ['data-0@a'], 'c d'],
    ['comes round once all are seen', 'rack:GROUP_BY:3', ['data-0@a', 'data-1@c', 'data-2@d'], 'a b c d ssd'],
    ['keeps out of the fuller ones', 'rack:GROUP_BY:3', ['data-0@a', 'data-1@c', 'data-2@d', 'data-3@b'], 'c d'],
    ['piles up on the one value it knows when it has no number', 'rack:GROUP_BY', ['data-0@a'], 'a b c d ssd'],
    [
      'evens out the values it knows when it has no number',
      'rack:GROUP_BY',
      ['data-0@a', 'data-1@b', 'data-2@c'],
      'c d',
    ],
    ['expects no more than it was told', 'rack:GROUP_BY:1', ['data-0@a'], 'a b c d ssd'],
    ['is over hosts too', 'hostname:GROUP_BY:2', ['data-0@a', 'data-1@b', 'data-2@a'], 'b c d bare ssd big'],
  ])('%s', (_, placement, running, names) => {
    expect(allowed(ruleOf(placement), running).join(' ')).toBe(names);
  });
});

describe('rules of stored configurations', () => {
  const rack = (value: string): PlacementRule => ({
    kind: 'value',
    field: { kind: 'attribute', name: 'rack' },
    match: 'exact',
    text: value,
  });

  test.each([
    ['either', { kind: 'any', rules: [rack('r2'), rack('r3')] }, 'c d ssd'],
    ['not', { kind: 'not', rule: { kind: 'all', rules: [rack('r1'), rack('r2')] } }, 'a b c d bare big'],
    ['all of no rules', { kind: 'all', rules: [] }, ''],
    ['any of no rules', { kind: 'any', rules: [] }, ''],
  ] as const)('%s', (_, rule, names) => {
    expect(allowed(rule, []).join(' ')).toBe(names);
  });

  test.each([
    ['the masters are in the east', 'east', 'a b c bare ssd big'],
    ['the masters have no domain', undefined, 'a b c d bare ssd big'],
  ])('the local region, when %s', (_, masters, names) => {
    expect(allowed({ kind: 'local-region' }, [], 9, masters).join(' ')).toBe(names);
  });
});

test('an instance that is placed anew does not stand in its own way', () => {
  expect(allowed(ruleOf('hostname:UNIQUE'), ['data-0@a', 'data-1@b'], 1).join(' ')).toBe('b c d bare ssd big');
  const racks = ruleOf('rack:GROUP_BY:3');
  const view = viewOf(['data-0@a', 'data-1@c', 'data-2@d']);
  expect(allows(racks, view, 'data', 9, at('a'))).toBe(true);
  expect(allows(racks, view, 'data', 1, at('a'))).toBe(false);
  expect(allows(racks, view, 'data', 1, at('c'))).toBe(true);
});

test('what was placed in this frame counts at once, and no longer where it was', () => {
  const view = viewOf(['data-0@a']);
  const [hosts, racks] = [ruleOf('hostname:UNIQUE'), ruleOf('rack:GROUP_BY:3')];
  expect(allows(hosts, view, 'data', 1, at('a'))).toBe(false);
  expect(allows(racks, view, 'data', 1, at('a'))).toBe(false);
  placed(view, 'data', 0, at('c'));
  expect(allows(hosts, view, 'data', 1, at('a'))).toBe(true);
  expect(allows(hosts, view, 'data', 1, at('c'))).toBe(false);
  expect(allows(racks, view, 'data', 1, at('a'))).toBe(true);
});

describe('a refusal says', () => {
  test.each([
    ['hostname:UNIQUE', 'a', 'at most 1 of data on a host', 'data-0', 'hostname:UNIQUE excludes a, which runs data-0'],
    ['hostname:MAX_PER:2', 'b', 'at most 2 of data on a host', 'data-1, data-10', undefined],
    ['@zone:UNIQUE', 'b', 'at most 1 of data per zone', 'zone z2 with data-1, data-10', undefined],
    ['@zone:UNIQUE', 'bare', 'at most 1 of data per zone', 'no zone', '@zone:UNIQUE excludes bare, which has no zone'],
    ['rack:GROUP_BY:3', 'a', 'a rack with fewer of data', 'rack r1 with data-0, data-1, data-10', undefined],
    ['hostname:GROUP_BY', 'b', 'a host with fewer of data', 'data-1, data-10', undefined],
    ['rack:IS:r1', 'ssd2', 'rack r1', 'rack r2', undefined],
    ['rack:LIKE:r[12]', 'd', 'rack like r[12]', 'rack r3', 'rack:LIKE:r[12] excludes d, which has rack r3'],
    ['rack:IS_NOT:r1', 'a', 'no rack r1', 'rack r1', undefined],
    ['hostname:UNLIKE:a|b', 'a', 'no hostname like a|b', 'hostname a', undefined],
    ['rack:IS:r1,hostname:UNIQUE', 'a', 'at most 1 of data on a host', 'data-0', undefined],
  ])('%s on %s: %s', (placement, name, wanted, had, sentence) => {
    const where = name === 'ssd2' ? agent('ssd2', 'r2') : at(name);
    const view = viewOf(['data-0@a', 'data-10@b', 'data-1@b', 'meta-0@a']);
    const reason = refusal(ruleOf(placement), view, 'data', 9, where);
    const last = placement.split(',').at(-1) ?? '';
    expect(reason).toEqual({ agent: where.hostname, need: `placement ${last}`, wanted, had });
    if (sentence) expect(reason && exclusion(reason)).toBe(sentence);
  });

  test('a few of many instances', () => {
    const running = Array.from({ length: 8 }, (_, index) => `data-${index}@a`);
    const reason = refusal(ruleOf('hostname:MAX_PER:7'), viewOf(running), 'data', 3, at('a'));
    expect(reason?.had).toBe('data-0, data-1, data-2, data-4, data-5 and 2 more');
  });

  test('nothing where the rule holds', () => {
    expect(refusal(ruleOf('hostname:UNIQUE'), viewOf([]), 'data', 0, at('a'))).toBeUndefined();
  });

  test('the region of the masters', () => {
    const reason = refusal({ kind: 'local-region' }, viewOf([], 'east'), 'data', 0, at('d'));
    expect(reason).toEqual({ agent: 'd', need: 'placement local-region', wanted: 'region east', had: 'region west' });
  });

  test('that it is no matter of placement', () => {
    expect(exclusion({ agent: 'a', need: 'cpus', wanted: '4', had: '2.5' })).toBeUndefined();
  });
});

test('what the labels of a task say of its agent is what an offer says of it', () => {
  const fields = ['rack', 'disk', 'cores', 'slots', 'roles'].map((name) => ({ kind: 'attribute', name }) as const);
  for (const where of Object.values(AGENTS)) {
    const recorded = recordedPlace(infoOf('data', 0, 'node', where));
    for (const field of [{ kind: 'hostname' }, { kind: 'zone' }, { kind: 'region' }, ...fields] as const) {
      expect(recorded(field)).toEqual(placeOf(where)(field));
    }
  }
});

const names = fc.constantFrom('a', 'b', 'c', 'd');
const rules = fc.constantFrom(
  'hostname:UNIQUE',
  'hostname:MAX_PER:2',
  'rack:GROUP_BY:3',
  'rack:GROUP_BY',
  '@zone:MAX_PER:1',
);

test('a view that followed the placements is the view of their records', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(4), names), { maxLength: 12 }),
      rules,
      fc.nat(4),
      (moves, placement, index) => {
        const rule = ruleOf(placement);
        const followed = viewOf([]);
        allows(rule, followed, 'data', 0, at('a'));
        for (const [instance, name] of moves) placed(followed, 'data', instance, at(name));
        const records = viewOf([...new Map(moves)].map(([instance, name]) => `data-${instance}@${name}`));
        for (const where of Object.values(AGENTS)) {
          const answer = refusal(rule, records, 'data', index, where);
          expect(refusal(rule, followed, 'data', index, where)).toEqual(answer);
          expect(allows(rule, followed, 'data', index, where)).toBe(answer === undefined);
        }
      },
    ),
  );
});

test('the rule that a refusal names is a part of the rule that was written', () => {
  fc.assert(
    fc.property(fc.array(rules, { minLength: 1, maxLength: 3 }), names, (parts, name) => {
      const rule = ruleOf(parts.join(','));
      const reason = refusal(rule, viewOf(['data-0@a', 'data-1@b', 'data-2@c']), 'data', 9, at(name));
      if (reason) expect(placementText(rule)).toContain(reason.need.replace('placement ', ''));
    }),
  );
});
