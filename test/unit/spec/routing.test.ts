import { expect, test } from 'vitest';
import { routedVariables } from '../../../runtime/spec/routing.ts';
import { parsed, service } from './definitions.ts';

test.each<[string, Record<string, string>, string, Record<string, string>]>([
  ['ALL goes to every pod', { TASKCFG_ALL_A: '1' }, 'data', { A: '1' }],
  [
    'a pod type is written in capitals, with _ for what is no letter or digit',
    { TASKCFG_DATA_NODE_A: '1' },
    'data-node',
    { A: '1' },
  ],
  ['what is for another pod stays away', { TASKCFG_DATA_A: '1' }, 'web', {}],
  [
    'for the pod wins over for all, after it in the alphabet',
    { TASKCFG_ALL_A: 'all', TASKCFG_DATA_A: 'pod' },
    'data',
    { A: 'pod' },
  ],
  [
    'for the pod wins over for all, before it in the alphabet',
    { TASKCFG_AGENT_A: 'pod', TASKCFG_ALL_A: 'all' },
    'agent',
    { A: 'pod' },
  ],
  ['a prefix of a pod type takes the rest for the name', { TASKCFG_A_B_FIVE: '5' }, 'a', { B_FIVE: '5' }],
  ['and so does the longer pod type', { TASKCFG_A_B_FIVE: '5' }, 'a_b', { FIVE: '5' }],
  ['what names no pod has no effect', { TASKCFG_IGNORED: '1', TASKCFG_ALL_: '2', TASKCFG_: '3' }, 'data', {}],
  ['names are as they are written', { taskcfg_all_a: '1', TASKCFG_all_a: '2', TASKCFG_ALL_a: '3' }, 'data', { a: '3' }],
])('%s', (_, env, podType, expected) => {
  expect(routedVariables(env)(podType)).toEqual(expected);
});

test('over the task, which is over its pod', () => {
  const text = service({ pod: ['env: {A: pod, B: pod, C: pod}'], task: ['env: {B: task, C: task}'] });
  expect(parsed(text, { TASKCFG_ALL_C: 'scheduler' }).pods[0]?.tasks[0]?.environment).toEqual({
    A: 'pod',
    B: 'task',
    C: 'scheduler',
  });
});
