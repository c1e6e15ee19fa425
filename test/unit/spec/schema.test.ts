import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import typescript from 'typescript';
import { describe, expect, test } from 'vitest';
import { type FieldSchema, resolved, serviceSchema, typeOf } from '../../../runtime/spec/schema.ts';

/** Every part that has fields of its own, by its name in the schema. */
const parts = new Map<string, FieldSchema>([
  ['service', serviceSchema],
  ...Object.entries(serviceSchema.definitions ?? {}).filter(([, part]) => part.properties),
]);

/** Every field with its path, as an editor would meet them. */
const fields = [
  ...[...parts].flatMap(([name, part]) =>
    Object.entries(part.properties ?? {}).map(([field, schema]): [string, FieldSchema] => [
      `${name}.${field}`,
      resolved(schema),
    ]),
  ),
  ...Object.entries(serviceSchema.definitions ?? {}),
];

const validator = new Ajv({ strict: false, logger: false, formats: { placement: true } });

test('it is a draft-07 schema', () => {
  expect(validator.validateSchema(serviceSchema)).toBe(true);
});

describe.each(fields)('%s', (_, field) => {
  test('is explained to the reader of an editor', () => {
    expect(field).toMatchObject({
      title: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\w.*\.$/),
      examples: [expect.anything()].concat((field.examples ?? []).slice(1)),
    });
  });

  test('has examples and a default that are right', () => {
    const check = validator.compile({ ...field, definitions: serviceSchema.definitions });
    for (const value of [...(field.examples ?? []), ...(field.default === undefined ? [] : [field.default])]) {
      expect([value, check(value), check.errors]).toEqual([value, true, null]);
    }
  });

  test('says its unit when it is an amount', () => {
    if (typeOf(field) !== 'integer' || /[Pp]ort|[Nn]umber|[Ll]imit/.test(`${field.title} ${field.description}`)) return;
    expect(field['x-unit']).toMatch(/^(seconds|MB|cpus|gpus|instances|failures)$/);
  });
});

describe('the types of a checked definition are those of the schema', () => {
  const types = interfacesIn('../../../runtime/spec/definition.ts');

  test('part by part', () => {
    expect([...types.keys()].sort()).toEqual([...parts.keys()].map(typeName).sort());
  });

  test.each([...parts])(
    '%s: field by field, and a field is optional when it may be absent without a default',
    (name, part) => {
      const optional = (field: string, schema: FieldSchema) =>
        !part.required?.includes(field) && resolved(schema).default === undefined;
      const wanted = Object.entries(part.properties ?? {}).map(
        ([field, schema]) => `${field}${optional(field, schema) ? '?' : ''}: ${kindOf(schema)}`,
      );
      expect(types.get(typeName(name))?.sort()).toEqual(wanted.sort());
    },
  );
});

function typeName(part: string): string {
  if (part === 'service') return 'Definition';
  const words = part.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Definition`;
}

/** What a TypeScript type has to be for a field: a part's own interface, or the kind of its values. */
function kindOf(given: FieldSchema): string {
  const part = given.$ref?.replace('#/definitions/', '') ?? '';
  if (parts.has(part)) return typeName(part);
  const field = resolved(given);
  const kinds: Readonly<Record<string, string>> = { integer: 'number', object: 'Record', array: 'list' };
  return kinds[typeOf(field)] ?? typeOf(field);
}

/** The fields of each interface of a module, as `name: kind` or `name?: kind`, with those that it extends. */
function interfacesIn(path: string): Map<string, string[]> {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  const source = typescript.createSourceFile(path, text, typescript.ScriptTarget.Latest, true);
  const found = new Map<string, string[]>();
  for (const statement of source.statements) {
    if (!typescript.isInterfaceDeclaration(statement)) continue;
    const own = statement.members.filter(typescript.isPropertySignature).map((member) => {
      const name = member.name.getText().replaceAll("'", '');
      return `${name}${member.questionToken ? '?' : ''}: ${kindOfType(member.type?.getText() ?? '')}`;
    });
    const bases =
      statement.heritageClauses?.flatMap(({ types: extended }) => extended.map((base) => base.getText())) ?? [];
    found.set(statement.name.text, [...bases.flatMap((base) => found.get(base) ?? []), ...own]);
  }
  return found;
}

function kindOfType(type: string): string {
  if (type.startsWith('Readonly<Record<')) return 'Record';
  if (type.startsWith('readonly ')) return 'list';
  return type.startsWith("'") ? 'string' : type;
}
