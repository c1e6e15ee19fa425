import { expect, test } from 'vitest';
import { drawTree, type Tree } from '../../../runtime/cli/tree.ts';

const node = (value: string, ...children: Tree<string>[]): Tree<string> => ({ value, children });

test('a lone root has no branches', () => expect(drawTree(node('deploy'))).toEqual(['deploy']));

test('below a node that is not the last, the line goes on; below the last it does not', () => {
  const tree = node('root', node('a', node('a1', node('a2')), node('a3')), node('b', node('b1', node('b2'))));
  expect(drawTree(tree)).toEqual([
    'root',
    '├─ a',
    '│  ├─ a1',
    '│  │  └─ a2',
    '│  └─ a3',
    '└─ b',
    '   └─ b1',
    '      └─ b2',
  ]);
});
