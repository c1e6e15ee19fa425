/** What is wrong with keys and values in one text. Promises the entry that cannot be read; never more than the first. */
import { Mistake } from '../catalogue.ts';
import type { Pairs } from '../pairs.ts';
import { dotted } from '../pointer.ts';
import { shortened } from '../problem.ts';
import type { Objection } from './objection.ts';

export function pairObjections(pairs: Pairs, pointer: string): Objection[] {
  if (pairs.ok) return [];
  const { kind, entry, form } = pairs;
  const path = dotted(pointer);
  const words = entry.trim() === '' ? 'an empty entry' : `"${shortened(entry)}"`;
  return [
    { finding: kind === 'form' ? Mistake.BadPairs(path, words, form) : Mistake.RepeatedKey(path, words), pointer },
  ];
}
