import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { FieldSchema } from '../../../runtime/spec/schema.ts';

const schema: FieldSchema = JSON.parse(
  readFileSync(new URL('../../../schema/svc.schema.json', import.meta.url), 'utf8'),
);

/** Every field with its path, as an editor would meet them. */
function fieldsOf(node: FieldSchema, path: string): [string, FieldSchema][] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, field]) => [
    ...(field.$ref ? [] : [[`${path}.${name}`, field] as [string, FieldSchema]]),
    ...fieldsOf(field, `${path}.${name}`),
  ]);
  const definitions = Object.entries(node.definitions ?? {}).flatMap(([name, definition]) => [
    [name, definition] as [string, FieldSchema],
    ...fieldsOf(definition, name),
  ]);
  return [...own, ...definitions];
}

const fields = fieldsOf(schema, 'service');

test('it is a draft-07 schema', () => {
  expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true);
});

test.each(fields)('%s is explained to the reader of an editor', (_, field) => {
  expect(field).toMatchObject({
    title: expect.any(String),
    description: expect.any(String),
    examples: expect.any(Array),
  });
});

test.each(fields)('the examples and the default of %s are right', (_, field) => {
  const check = new Ajv({ strict: false, logger: false }).compile({ ...field, definitions: schema.definitions });
  for (const value of [...(field.examples ?? []), ...('default' in field ? [field.default] : [])]) {
    expect([value, check(value), check.errors]).toEqual([value, true, null]);
  }
});

test('no field is both there and not there yet', () => {
  for (const [, field] of [['service', schema] as const, ...fields]) {
    expect(field['x-not-yet']?.filter((name) => Object.hasOwn(field.properties ?? {}, name)) ?? []).toEqual([]);
  }
});
