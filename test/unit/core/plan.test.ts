import { describe, expect, test } from 'vitest';
import { aggregate, candidates, leastAdvanced, type Status, type Strategy } from '../../../runtime/core/plan/plan.ts';

const children = (...statuses: Status[]) => statuses.map((status) => ({ status }));

describe('the status of a whole follows from its parts', () => {
  test.each<[string, Status[], Strategy, string[], Status]>([
    ['an empty whole is done', [], 'serial', [], 'COMPLETE'],
    ['all done', ['COMPLETE', 'COMPLETE'], 'serial', [], 'COMPLETE'],
    ['a refused configuration shows, even when all is done', ['COMPLETE'], 'serial', ['refused'], 'ERROR'],
    ['a broken part breaks the whole', ['COMPLETE', 'ERROR'], 'parallel', [], 'ERROR'],
    ['nothing begun', ['PENDING', 'PENDING'], 'serial', [], 'PENDING'],
    ['looking for a place is work', ['PREPARED', 'PENDING'], 'serial', [], 'IN_PROGRESS'],
    ['the first of several starts', ['STARTING', 'PENDING'], 'serial', [], 'STARTING'],
    ['the first of several runs but is not ready', ['STARTED', 'PENDING'], 'serial', [], 'STARTED'],
    ['some done, the next one not begun', ['COMPLETE', 'PENDING'], 'serial', [], 'IN_PROGRESS'],
    ['some done, the next one starts', ['COMPLETE', 'STARTING', 'PENDING'], 'serial', [], 'IN_PROGRESS'],
    ['in parallel, one not begun counts first', ['STARTING', 'PENDING'], 'parallel', [], 'PENDING'],
    ['all that could go on is delayed', ['DELAYED', 'PENDING'], 'serial', [], 'DELAYED'],
    ['some done and the rest delayed is no error', ['COMPLETE', 'DELAYED'], 'serial', [], 'DELAYED'],
    ['the next one waits for an operator', ['COMPLETE', 'WAITING'], 'serial', [], 'WAITING'],
    ['a phase in progress', ['COMPLETE', 'IN_PROGRESS', 'PENDING'], 'serial', [], 'IN_PROGRESS'],
  ])('%s', (_, parts, strategy, errors, whole) => {
    expect(aggregate(children(...parts), strategy, errors)).toBe(whole);
  });
});

describe('what a strategy works on', () => {
  test.each<[string, Status[], Strategy, number[]]>([
    ['serial: the first that is not done', ['COMPLETE', 'PENDING', 'PENDING'], 'serial', [1]],
    ['serial: nothing behind a broken one', ['ERROR', 'PENDING'], 'serial', []],
    ['serial: an earlier one that is open again comes first', ['PENDING', 'COMPLETE', 'PENDING'], 'serial', [0]],
    ['parallel: all that are not done', ['COMPLETE', 'PENDING', 'STARTED'], 'parallel', [1, 2]],
    ['parallel: around a broken one', ['ERROR', 'PENDING'], 'parallel', [1]],
  ])('%s', (_, parts, strategy, indexes) => {
    const all = children(...parts);
    expect(candidates(all, strategy)).toEqual(indexes.map((index) => all[index]));
  });
});

test('a step of several tasks is as far as the least advanced of them', () => {
  expect(leastAdvanced(['COMPLETE', 'STARTED', 'STARTING'])).toBe('STARTING');
  expect(leastAdvanced(['COMPLETE', 'PENDING'])).toBe('PENDING');
  expect(leastAdvanced(['COMPLETE', 'COMPLETE'])).toBe('COMPLETE');
});
