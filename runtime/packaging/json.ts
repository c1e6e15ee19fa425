/** JSON as plain objects, with the places of its values. Promises positions for every refusal; never follows a prototype. */
import { isNode, parseDocument } from 'yaml';
import { Mistake } from '../spec/catalogue.ts';
import { locatorOf, type Problem } from '../spec/problem.ts';
import type { SourceFile, Span } from '../spec/source.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export type JsonResult = { ok: true; json: JsonObject } | { ok: false; problem: Problem };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type Parsed = { ok: true; value: unknown } | { ok: false; reason: string; offset: number };

/** Any JSON, or why it is none and where it broke off. */
export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    // V8 quotes the text in some messages and says the position in others.
    const reason = (error as Error).message.replace(/( in JSON at position|, (\.\.\.)?")[\s\S]*$/, '');
    return { ok: false, reason, offset: brokenAt(text) };
  }
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

/** Where a value stands, or the nearest part around it that the text has; JSON is YAML, so the YAML parser knows. */
export function placeIn(source: SourceFile, path: readonly string[]): Span | undefined {
  const document = parseDocument(source.text, { schema: 'json', uniqueKeys: false, logLevel: 'silent' });
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return { from: node.range[0], to: node.range[1] };
  }
  return undefined;
}
