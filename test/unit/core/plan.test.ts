import { describe, expect, test } from 'vitest';
import { type PlanIntent, planOf } from '../../../runtime/core/plan/intent.ts';
import {
  aggregate,
  candidateSteps,
  candidates,
  leastAdvanced,
  type Status,
  type Step,
  type StepStatus,
  type Strategy,
} from '../../../runtime/core/plan/plan.ts';

const children = (...statuses: Status[]) =>
  statuses.map((status, index) => ({ name: `child-${index}`, status, interrupted: false }));

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
    expect(aggregate(children(...parts), strategy, false, errors)).toBe(whole);
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
    expect(candidates(all, strategy, false)).toEqual(indexes.map((index) => all[index]));
  });
});

test('a step of several tasks is as far as the least advanced of them', () => {
  expect(leastAdvanced(['COMPLETE', 'STARTED', 'STARTING'])).toBe('STARTING');
  expect(leastAdvanced(['COMPLETE', 'PENDING'])).toBe('PENDING');
  expect(leastAdvanced(['COMPLETE', 'COMPLETE'])).toBe('COMPLETE');
});

test('a dependency: what a child needs is done first, whatever the order', () => {
  const [a, b, c] = children('PENDING', 'COMPLETE', 'PENDING');
  const all = [{ ...a!, needs: ['child-1'] }, b!, { ...c!, needs: ['child-0'] }];
  expect(candidates(all, 'dependency', false)).toEqual([all[0]]);
});

describe('what operators want of a plan', () => {
  const steps = (...statuses: StepStatus[]): Step[] =>
    statuses.map((status, index) => ({
      name: `data-${index}`,
      status,
      pod: `data-${index}`,
      podType: 'data',
      podIndex: index,
      interrupted: false,
      tasks: ['node'],
      taskNames: [`data-${index}-node`],
    }));
  const plan = (strategy: Strategy, list: Step[], intent?: Partial<PlanIntent>, target = 'now') => {
    const stored: PlanIntent = { config: 'now', phases: {}, steps: {}, ...intent };
    const phases = [{ name: 'data', strategy, steps: list }];
    return planOf({ name: 'deploy', strategy: 'serial', phases }, new Map([['deploy', stored]]), target);
  };
  const shown = (made: ReturnType<typeof plan>) => made.phases[0]?.steps.map((step) => step.status);
  const working = (made: ReturnType<typeof plan>) => candidateSteps(made).map((step) => step.name);

  test('an interrupted plan starts nothing and shows what is under way', () => {
    const made = plan('serial', steps('STARTING', 'PENDING'), { interrupted: true });
    expect([made.status, shown(made), working(made)]).toEqual(['WAITING', ['STARTING', 'PENDING'], []]);
  });

  test('what was said of an older target is void', () => {
    expect(working(plan('serial', steps('PENDING'), { interrupted: true }, 'newer'))).toEqual(['data-0']);
  });

  test('an interrupted phase, an interrupted step', () => {
    expect(plan('parallel', steps('PENDING'), { phases: { data: { interrupted: true } } }).phases[0]?.status).toBe(
      'WAITING',
    );
    const made = plan('parallel', steps('PENDING', 'PENDING'), { steps: { 'data/data-0': { interrupted: true } } });
    expect([shown(made), working(made)]).toEqual([['WAITING', 'PENDING'], ['data-1']]);
  });

  test('in series an interrupted step holds up those behind it', () => {
    const made = plan('serial', steps('PENDING', 'PENDING'), { steps: { 'data/data-0': { interrupted: true } } });
    expect([made.status, working(made)]).toEqual(['WAITING', []]);
  });

  test('a forced step is done', () => {
    const made = plan('serial', steps('PENDING', 'PENDING'), { steps: { 'data/data-0': { forced: '' } } });
    expect([shown(made), working(made)]).toEqual([['COMPLETE', 'PENDING'], ['data-1']]);
  });

  test('a forced recovery is open again with another failure', () => {
    const list = steps('PENDING').map((step) => ({ ...step, signature: 'task-2' }));
    expect(shown(plan('serial', list, { steps: { 'data/data-0': { forced: 'task-1' } } }))).toEqual(['PENDING']);
  });

  test.each<[string, Strategy, StepStatus[], string[], StepStatus[], string[]]>([
    [
      'nothing let through',
      'serial-canary',
      ['PENDING', 'PENDING', 'PENDING'],
      [],
      ['WAITING', 'WAITING', 'PENDING'],
      [],
    ],
    [
      'the first let through',
      'serial-canary',
      ['PENDING', 'PENDING', 'PENDING'],
      ['data-0'],
      ['PENDING', 'WAITING', 'PENDING'],
      ['data-0'],
    ],
    [
      'the first is done',
      'serial-canary',
      ['COMPLETE', 'PENDING', 'PENDING'],
      ['data-0'],
      ['COMPLETE', 'WAITING', 'PENDING'],
      [],
    ],
    [
      'two let through, in series',
      'serial-canary',
      ['COMPLETE', 'PENDING', 'PENDING'],
      ['data-0', 'data-1'],
      ['COMPLETE', 'PENDING', 'PENDING'],
      ['data-1'],
    ],
    [
      'two let through, in parallel',
      'parallel-canary',
      ['COMPLETE', 'PENDING', 'PENDING'],
      ['data-0', 'data-1'],
      ['COMPLETE', 'PENDING', 'PENDING'],
      ['data-1', 'data-2'],
    ],
    [
      'what is done already is no canary',
      'serial-canary',
      ['COMPLETE', 'PENDING', 'PENDING'],
      [],
      ['COMPLETE', 'WAITING', 'WAITING'],
      [],
    ],
    [
      'one step is left: one is enough',
      'serial-canary',
      ['COMPLETE', 'PENDING'],
      ['data-1'],
      ['COMPLETE', 'PENDING'],
      ['data-1'],
    ],
    ['nothing is left', 'serial-canary', ['COMPLETE', 'COMPLETE'], [], ['COMPLETE', 'COMPLETE'], []],
  ])('a canary: %s', (_, strategy, statuses, proceeded, wanted, works) => {
    const made = plan(strategy, steps(...statuses), { phases: { data: { proceeded } } });
    expect([shown(made), working(made)]).toEqual([wanted, works]);
  });

  test('a canary phase waits for an operator while nothing let through is under way', () => {
    const phase = (proceeded: string[], ...statuses: StepStatus[]) =>
      plan('serial-canary', steps(...statuses), { phases: { data: { proceeded } } }).phases[0]?.interrupted;
    expect(phase([], 'PENDING', 'PENDING', 'PENDING')).toBe(true);
    expect(phase(['data-0'], 'STARTING', 'PENDING', 'PENDING')).toBe(false);
    expect(phase(['data-0'], 'COMPLETE', 'PENDING', 'PENDING')).toBe(true);
  });
});
