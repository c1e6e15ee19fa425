/**
 * Where a value stands in the text, found when somebody asks: of a definition without mistakes nobody does. Promises the place of what
 * was read under a pointer; never unfolds more than the path to it.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { keysOf } from './pointer.ts';
import type { Span } from './source.ts';
import { spanOf } from './spans.ts';

/** `key` is absent for the document itself and for items of lists. */
export interface Place {
  readonly key?: Span;
  readonly value: Span;
}

/** Undefined when nothing is written there. */
export type PlaceOf = (pointer: string) => Place | undefined;

interface Slot {
  readonly key?: Node;
  readonly value: Node | null;
}

export function placesIn(root: Node | null, aliases: ReadonlyMap<Alias, Node>, text: string): PlaceOf {
  return (pointer) => {
    let slot: Slot | undefined = { value: root };
    for (const key of keysOf(pointer)) slot = slot && slotIn(slot.value, key, aliases);
    if (!slot) return undefined;
    const key = spanOf(slot.key, text);
    return { ...(key ? { key } : {}), value: valueSpan(slot.value, key, text) };
  };
}

/** A value that is not even empty stands behind its key. */
export function valueSpan(value: Node | null, key: Span | undefined, text: string): Span {
  const end = key?.to ?? 0;
  return spanOf(value, text) ?? { from: end, to: end };
}

function slotIn(parent: Node | null, key: string, aliases: ReadonlyMap<Alias, Node>): Slot | undefined {
  const node = isAlias(parent) ? aliases.get(parent) : parent;
  if (isSeq(node)) {
    const item = (node.items as (Node | null)[])[Number(key)];
    return item === undefined ? undefined : { value: item };
  }
  if (!isMap(node)) return undefined;
  // Of a key that is written twice the first is read.
  const pair = (node.items as Pair<Node, Node | null>[]).find(
    (one) => isScalar(one.key) && String(one.key.value) === key,
  );
  return pair && { key: pair.key, value: pair.value };
}
