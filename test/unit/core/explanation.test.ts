import { expect, test } from 'vitest';
import { explained } from '../../../runtime/core/offer/explanation.ts';

const reason = (agent: string, had: string) => ({ agent, need: 'cpus', wanted: '4', had });

test('what is missing most comes first, with the agent that comes nearest', () => {
  const why = explained([{ agent: 'a', need: 'mem', wanted: '8', had: '1' }, reason('a', '1'), reason('b', '3')], 10);
  expect([why.agents, why.needs]).toEqual([
    2,
    [
      { need: 'cpus', wanted: '4', agents: 2, nearest: { agent: 'b', had: '3' } },
      { need: 'mem', wanted: '8', agents: 1, nearest: { agent: 'a', had: '1' } },
    ],
  ]);
});

test('an agent that was not asked this time is known as it was; one that was is known anew', () => {
  const first = explained([reason('a', '1'), reason('b', '3')], 10);
  const { reasons, agents } = explained([reason('a', '2')], 20, first);
  expect(agents).toBe(2);
  expect(reasons).toEqual([
    { ...reason('a', '2'), at: 20 },
    { ...reason('b', '3'), at: 10 },
  ]);
});

test('what is known of an agent grows old', () => {
  const first = explained([reason('a', '1')], 0);
  expect(explained([reason('b', '1')], 700_000, first).reasons.map(({ agent }) => agent)).toEqual(['b']);
});

test('ten thousand agents are counted, five hundred kept', () => {
  const refusals = Array.from({ length: 10_000 }, (_, at) => reason(`agent-${at}`, '1'));
  const why = explained(refusals, 10);
  expect([why.agents, why.needs[0]?.agents, why.reasons.length]).toEqual([10_000, 10_000, 500]);
});
