/** Where the nodes of a YAML document stand in its text. Promises offsets that a person would point at; never looks into values. */
import { type Alias, isScalar, type Node } from 'yaml';
import type { Span } from './source.ts';

/** A part of a scalar, where the text shows it as it is. */
export function within(node: Node | Alias, text: string, value: string, part: Span): Span | undefined {
  const [from = 0, to = 0] = node.range ?? [];
  const quotes = isScalar(node) && node.type !== 'PLAIN' ? 1 : 0;
  if (text.slice(from + quotes, to - quotes) !== value) return undefined;
  return { from: from + quotes + part.from, to: from + quotes + part.to };
}

/** An empty value stands where its text would: behind the blanks that follow the colon. */
export function spanOf(node: Node | Alias | null | undefined, text: string): Span | undefined {
  if (!node?.range) return undefined;
  const [from, to] = node.range;
  if (from < to) return { from, to: isScalar(node) ? to : firstLine(text, from, to) };
  let end = from;
  while (text[end] === ' ') end += 1;
  return { from: end, to: end };
}

function firstLine(text: string, from: number, to: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? to : Math.min(end, to);
}
