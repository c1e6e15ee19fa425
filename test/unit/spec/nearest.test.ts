import { expect, test } from 'vitest';
import { nearest, suggester } from '../../../runtime/spec/nearest.ts';

test.each<[string, string[], string | undefined]>([
  ['cmdd', ['cmd', 'env'], 'cmd'],
  ['DATA_COUNTT', ['DATA_CPU', 'DATA_COUNT'], 'DATA_COUNT'],
  ['deplyo', ['deploy', 'update'], 'deploy'],
  ['Count', ['count'], 'count'],
  ['same', ['same'], 'same'],
  ['memroy', ['memory'], 'memory'],
  ['a', ['b', 'ab'], 'b'],
  ['allow-decommision', ['allow-decommission'], 'allow-decommission'],
  ['nothing like it', ['cmd', 'env'], undefined],
  ['', ['cmd'], undefined],
])('for %j among %j: %j', (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test('a text that is wrong everywhere gets suggestions until nobody reads on', () => {
  const suggest = suggester(5);
  expect([suggest('cmdd', ['cmd', 'env']), suggest('envv', ['cmd', 'env']), suggest('cmdd', ['cmd', 'env'])]).toEqual([
    'cmd',
    'env',
    undefined,
  ]);
});
