import { describe, expect, test } from 'vitest';
import type { NodeWrite } from '../../../runtime/store/tree.ts';
import { addName, applyWrites, type Names } from '../../../runtime/store/zookeeper/names.ts';

const put = (path: string, text = ''): NodeWrite => ({ kind: 'put', path, data: Buffer.from(text) });
const remove = (path: string): NodeWrite => ({ kind: 'delete', path });

function namesOf(paths: readonly string[]): Names {
  const names: Names = new Map([['', new Set()]]);
  for (const path of paths) addName(names, path);
  return names;
}

/** `create a/b "text"`, in the order of the operations. */
function operations(there: readonly string[], writes: readonly NodeWrite[]): string[] {
  return applyWrites(namesOf(there), writes).map((operation) =>
    operation.kind === 'remove'
      ? `remove ${operation.path}`
      : `${operation.kind} ${operation.path} "${Buffer.from(operation.data)}"`,
  );
}

describe('the operations that writes come to', () => {
  test.each([
    ['a new node brings its parents', [], [put('a/b', '1')], ['create a ""', 'create a/b "1"']],
    ['a node that is there is overwritten', ['a'], [put('a', '1')], ['set a "1"']],
    ['a parent that is there keeps its bytes', ['a'], [put('a/b')], ['create a/b ""']],
    ['the last of several bytes wins', ['a'], [put('a', '1'), put('a', '2')], ['set a "2"']],
    ['what was never there is not removed', [], [remove('a/b'), remove('a')], []],
    ['what comes and goes was never there', [], [put('a/b'), remove('a')], []],
    ['what goes and comes is overwritten', ['a'], [remove('a'), put('a', '1')], ['set a "1"']],
    [
      'a parent that goes and comes is empty',
      ['a', 'a/b'],
      [remove('a'), put('a/b', '1')],
      ['set a ""', 'set a/b "1"'],
    ],
    ['what goes, comes and goes is removed', ['a'], [remove('a'), put('a'), remove('a')], ['remove a']],
    [
      'a node goes after all below it',
      ['a', 'a/b', 'a/b/c'],
      [remove('a')],
      ['remove a/b/c', 'remove a/b', 'remove a'],
    ],
    ['the root stays when all goes', ['a', 'b'], [remove('')], ['remove a', 'remove b']],
  ] as const)('%s', (_, there, writes, wanted) => {
    expect(operations(there, writes)).toEqual(wanted);
  });

  test('are known by name from then on', () => {
    const names = namesOf(['a', 'a/b']);
    applyWrites(names, [remove('a'), put('c/d')]);
    expect([...names.keys()]).toEqual(['', 'c', 'c/d']);
    expect([...names.get('')!]).toEqual(['c']);
  });
});
