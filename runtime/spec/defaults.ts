/** The defaults of the schema, filled into what a definition leaves out. Promises all of them, at every depth; never a prototype. */
import { type FieldSchema, resolved, typeOf } from './schema.ts';

/** With the defaults of the fields that are not set, and of those within them. */
export function filled(object: Record<string, unknown>, field: FieldSchema): Record<string, unknown> {
  for (const [name, property] of defaultedIn(field)) {
    if (name in object) continue;
    object[name] = typeOf(property) === 'object' ? filled(Object.create(null), property) : property.default;
  }
  return object;
}

const defaulted = new WeakMap<FieldSchema, readonly (readonly [string, FieldSchema])[]>();

/** The fields of a map that have a default; a definition asks for those of few maps again and again. */
function defaultedIn(field: FieldSchema): readonly (readonly [string, FieldSchema])[] {
  const known = defaulted.get(field);
  if (known) return known;
  const all = Object.entries(field.properties ?? {}).map(([name, property]) => [name, resolved(property)] as const);
  const found = all.filter(([, property]) => property.default !== undefined);
  defaulted.set(field, found);
  return found;
}
