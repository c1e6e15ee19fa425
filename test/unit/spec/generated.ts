/** Definitions made from the schema itself: whatever fields it has, some of them, with values that it allows. */
import fc from 'fast-check';
import { type FieldSchema, resolved, serviceSchema, typeOf } from '../../../runtime/spec/schema.ts';

const text = fc.oneof(
  fc.constantFrom('1.10', '010', 'yes', 'null', '~', ' a ', 'a: b', '#', '"', "'", '- x', '|', '\n', 'é😀'),
  fc.string(),
);

function anyOf(given: FieldSchema): fc.Arbitrary<unknown> {
  const field = resolved(given);
  switch (typeOf(field)) {
    case 'object':
      return mapOf(field);
    case 'array':
      return fc.uniqueArray(anyOf(field.items ?? {}), {
        maxLength: 2,
        comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b),
      });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: field.minimum ?? 0, max: field.maximum ?? 9 });
    case 'number':
      return fc.integer({ min: 1, max: 100_000 }).map((thousandths) => thousandths / 1000);
    default:
      if (field.enum) return fc.constantFrom(...field.enum);
      if (field.pattern || field.format) return fc.constantFrom(...(field.examples as string[]));
      return text.filter((word) => word.length >= (field.minLength ?? 0));
  }
}

function mapOf(field: FieldSchema): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties } = field;
  if (properties) {
    const model = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, anyOf(property)]));
    return fc.record(model, { requiredKeys: [...required] });
  }
  if (typeof additionalProperties !== 'object') return fc.constant({});
  const names = resolved(field.propertyNames);
  const known = names.enum ?? (names.examples as string[] | undefined) ?? keysOf(field);
  const { minProperties = 0, maxProperties = 2 } = field;
  return fc.dictionary(fc.constantFrom(...known), anyOf(additionalProperties), {
    minKeys: minProperties,
    maxKeys: maxProperties,
  });
}

/** The keys that the examples of a map use. */
function keysOf({ examples = [] }: FieldSchema): string[] {
  return examples.flatMap((example) => Object.keys(example as object));
}

/** Each field is right by itself; rules between fields may be broken. */
export const definitions = anyOf(serviceSchema);
