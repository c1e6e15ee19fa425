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

/** A file that must hold one object. */
export function parseJsonObject(source: SourceFile): JsonResult {
  const refused = (reason: string, from: number): JsonResult => ({
    ok: false,
    problem: locatorOf(source)(Mistake.NotJson(reason), { from, to: from + 1 }),
  });
  try {
    const json: unknown = JSON.parse(source.text);
    return isObject(json) ? { ok: true, json } : refused('it holds another value', 0);
  } catch (error) {
    return refused((error as Error).message, offsetIn((error as Error).message));
  }
}

/** Where V8 says that the JSON broke off; the start when it does not say. */
export function offsetIn(message: string): number {
  return Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
}

/** Where a value stands; JSON is YAML, so the YAML parser knows. Undefined when the text has no such value. */
export function spanIn(source: SourceFile, path: readonly string[]): Span | undefined {
  const node = parseDocument(source.text, { schema: 'json', uniqueKeys: false, logLevel: 'silent' }).getIn(path, true);
  return isNode(node) && node.range ? { from: node.range[0], to: node.range[1] } : undefined;
}
