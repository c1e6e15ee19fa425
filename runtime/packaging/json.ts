/** JSON as plain objects, with the places of its values. Promises positions for every refusal; never follows a prototype. */
import { isMap, isNode, isSeq, parseDocument } from 'yaml';
import { Mistake } from '../spec/catalogue.ts';
import { pointerTo } from '../spec/pointer.ts';
import { locatorOf, type Problem } from '../spec/problem.ts';
import type { SourceFile, Span } from '../spec/source.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export type JsonResult = { ok: true; json: JsonObject } | { ok: false; problem: Problem };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type Parsed = { ok: true; value: unknown } | { ok: false; reason: string; offset: number };

/** Deeper than any file of a package; and no walk over what is left runs out of stack. */
const DEEPEST = 100;

/** Any JSON, or why it is none and where it broke off. */
export function parseJson(text: string): Parsed {
  const offset = tooDeepAt(text);
  if (offset !== undefined) return { ok: false, reason: `it is nested more than ${DEEPEST} levels deep`, offset };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    // V8 quotes the text in some messages and says the position in others.
    const reason = (error as Error).message.replace(/( in JSON at position|, (\.\.\.)?")[\s\S]*$/, '');
    return { ok: false, reason, offset: brokenAt(text) };
  }
}

/** Where the brackets get too deep. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > DEEPEST) return index;
  }
  return undefined;
}

/** The longest beginning that lacks nothing but its end. */
function brokenAt(text: string): number {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lacksOnlyItsEnd(text.slice(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lacksOnlyItsEnd(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    return (
      /^(Unexpected end|Unterminated)/.test(message) || (position !== undefined && Number(position) >= text.length)
    );
  }
}

/** A file that must hold one object. */
export function parseJsonObject(source: SourceFile): JsonResult {
  const parsed = parseJson(source.text);
  if (parsed.ok && isObject(parsed.value)) return { ok: true, json: parsed.value };
  const { reason, offset } = parsed.ok ? { reason: 'it holds another value', offset: 0 } : parsed;
  return { ok: false, problem: locatorOf(source)(Mistake.NotJson(reason), { from: offset, to: offset + 1 }) };
}

/** Finds where the value at a JSON pointer stands, or the nearest part around it that the text has. */
export type PlaceOf = (pointer: string) => Span | undefined;

/** JSON is YAML, so the YAML parser knows. The text is parsed once, and only when there is something to look for. */
export function placesIn({ text }: SourceFile): PlaceOf {
  let places: ReadonlyMap<string, Span> | undefined;
  return (pointer) => {
    places ??= placesOf(parseDocument(text, { schema: 'json', uniqueKeys: false, logLevel: 'silent' }).contents);
    for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const span = places.get(at);
      if (span) return span;
    }
    return undefined;
  };
}

/** Of every value below a node, by its pointer. */
function placesOf(node: unknown, pointer = '', places = new Map<string, Span>()): Map<string, Span> {
  if (isNode(node) && node.range) places.set(pointer, { from: node.range[0], to: node.range[1] });
  if (isSeq(node)) for (const [index, item] of node.items.entries()) placesOf(item, `${pointer}/${index}`, places);
  if (isMap(node)) {
    for (const { key, value } of node.items) placesOf(value, pointer + pointerTo(String(key)), places);
  }
  return places;
}
