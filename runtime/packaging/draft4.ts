/**
 * A JSON Schema of draft 4, which packages are written in, as one of draft 7. Promises the same meaning; never looks at values that
 * only resemble a schema, such as defaults.
 */
import { isObject, type JsonObject } from './json.ts';

/** Keywords whose value is a schema, or a list of them. */
const SCHEMAS = new Set(['additionalItems', 'additionalProperties', 'allOf', 'anyOf', 'items', 'not', 'oneOf']);
/** Keywords whose value has schemas by names of the author's own. */
const MAPS = new Set(['definitions', 'dependencies', 'patternProperties', 'properties']);
/** What makes a bound an exclusive one. */
const EXCLUSIVE = new Map([
  ['minimum', 'exclusiveMinimum'],
  ['maximum', 'exclusiveMaximum'],
]);

/** Draft 4 writes `"minimum": 0, "exclusiveMinimum": true` and calls a schema by `id`. */
export function fromDraft4({ $schema: _draft, id: _id, ...schema }: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([keyword, value]) => {
    const exclusive = EXCLUSIVE.get(keyword);
    if (exclusive !== undefined) return [[schema[exclusive] === true ? exclusive : keyword, value]];
    if (typeof value === 'boolean' && keyword.startsWith('exclusive')) return [];
    if (SCHEMAS.has(keyword)) return [[keyword, Array.isArray(value) ? value.map(translated) : translated(value)]];
    if (MAPS.has(keyword) && isObject(value)) return [[keyword, mapped(value)]];
    return [[keyword, value]];
  });
  return Object.fromEntries(entries);
}

function translated(schema: unknown): unknown {
  return isObject(schema) ? fromDraft4(schema) : schema;
}

function mapped(schemas: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, translated(schema)]));
}
