import { describe, expect, test } from 'vitest';
import { defaultsOf, merged, optionsOf } from '../../../runtime/packaging/options.ts';

const CONFIG = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  properties: {
    service: {
      type: 'object',
      properties: {
        name: { type: 'string', default: 'store', pattern: '^[a-z-]+$' },
        region: { type: 'string' },
        level: { type: 'string', default: 'INFO', enum: ['INFO', 'DEBUG'] },
        constraints: { type: 'array', default: [] },
      },
      required: ['name'],
      additionalProperties: false,
    },
    data: {
      type: 'object',
      properties: { count: { type: 'integer', default: 3, minimum: 1, description: 'How many.' } },
    },
  },
};
const config = { file: 'config.json', text: JSON.stringify(CONFIG) };
const given = (text: string) => ({ file: 'options.json', text });

describe('defaults', () => {
  test('what has none is absent', () => {
    expect(defaultsOf(CONFIG)).toEqual({
      service: { name: 'store', level: 'INFO', constraints: [] },
      data: { count: 3 },
    });
  });

  test('a default of its own wins over those of its properties', () => {
    expect(defaultsOf({ properties: { a: { default: { x: 1 }, properties: { y: { default: 2 } } } } })).toEqual({
      a: { x: 1 },
    });
  });

  test('false, 0 and empty text are defaults', () => {
    expect(defaultsOf({ properties: { a: { default: false }, b: { default: 0 }, c: { default: '' } } })).toEqual({
      a: false,
      b: 0,
      c: '',
    });
  });

  test('a section without any default is absent', () => {
    expect(defaultsOf({ properties: { a: { properties: { x: {} } } } })).toEqual({});
  });
});

test('options replace defaults one by one, lists as a whole', () => {
  expect(merged({ a: { x: 1, y: [1, 2] }, b: 1 }, { a: { y: [3] }, c: { z: 1 } })).toEqual({
    a: { x: 1, y: [3] },
    b: 1,
    c: { z: 1 },
  });
});

test('the options are the defaults under what was given', () => {
  expect(optionsOf(config, given('{"data": {"count": 5}}'))).toEqual({
    ok: true,
    options: { service: { name: 'store', level: 'INFO', constraints: [] }, data: { count: 5 } },
    given: { data: { count: 5 } },
  });
});

test('a package without a schema has no options', () => {
  expect(optionsOf(undefined, undefined)).toEqual({ ok: true, options: {}, given: {} });
});

test.each([
  [
    'a wrong type',
    '{"data": {"count": "five"}}',
    'options.json:1:20 option data.count must be a whole number, is "five"',
  ],
  ['below the minimum', '{"data": {"count": 0}}', 'options.json:1:20 option data.count must be at least 1, is 0'],
  [
    'not one of the choices',
    '{"service": {"level": "LOUD"}}',
    'options.json:1:23 option service.level must be INFO or DEBUG, is "LOUD"',
  ],
  [
    'of another form',
    '{"service": {"name": "A"}}',
    'options.json:1:22 option service.name must match ^[a-z-]+$, is "A"',
  ],
  ['an option that does not exist', '{"service": {"nam": 1}}', 'options.json:1:21 option service.nam does not exist'],
  [
    'a key of the prototype',
    '{"service": {"__proto__": 1}}',
    'options.json:1:27 option service.__proto__ does not exist',
  ],
  ['a list for a section', '{"service": []}', 'options.json:1:13 option service must be an object, is []'],
])('%s is refused where it was given', (_, text, expected) => {
  const result = optionsOf(config, given(text));
  expect(result.ok).toBe(false);
  if (!result.ok)
    expect(result.problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.message}`)).toEqual([expected]);
});

test('each bad option is named once, with what the package says of it or what there is instead', () => {
  const text = '{"data": {"count": 0},\n "service": {"name": "A", "level": 1, "naame": "x", "port": 1}}';
  const result = optionsOf(config, given(text));
  expect(result.ok ? [] : result.problems.map(({ message, remedy }) => [message.split(' ')[1], remedy])).toEqual([
    ['data.count', 'How many.'],
    ['service.name', undefined],
    ['service.level', undefined],
    ['service.naame', 'did you mean name?'],
    ['service.port', 'there are: name, region, level, constraints'],
  ]);
});

test('a required option without a default is asked for where the package has it', () => {
  const strict = {
    file: 'config.json',
    text: '{"properties": {\n"key": {"type": "string", "description": "The key."}}, "required": ["key"]}',
  };
  const result = optionsOf(strict, undefined);
  expect(result.ok ? [] : result.problems).toMatchObject([
    { file: 'config.json', line: 2, message: 'option key is required and missing', remedy: 'The key.' },
  ]);
});

test('a default that its own schema refuses is shown in the schema', () => {
  const wrong = { file: 'config.json', text: '{"properties": {"n": {"type": "integer",\n "default": "x"}}}' };
  const result = optionsOf(wrong, undefined);
  expect(result.ok ? [] : result.problems).toMatchObject([
    { file: 'config.json', line: 2, column: 13, message: 'option n must be a whole number, is "x"' },
  ]);
});

describe('a schema of draft 4', () => {
  const schemaOf = (properties: object) => ({ file: 'config.json', text: JSON.stringify({ id: 'x', properties }) });
  const message = (properties: object, options: object) => {
    const result = optionsOf(schemaOf(properties), given(JSON.stringify(options)));
    return result.ok ? 'fine' : result.problems[0]?.message;
  };

  test.each([
    [{ minimum: 0, exclusiveMinimum: true }, 0, 'option a must be more than 0, is 0'],
    [{ minimum: 0, exclusiveMinimum: false }, 0, 'fine'],
    [{ maximum: 9, exclusiveMaximum: true }, 9, 'option a must be less than 9, is 9'],
    [{ maximum: 9, exclusiveMaximum: true }, 8, 'fine'],
    [{ id: 'y', items: { minimum: 0, exclusiveMinimum: true } }, [1, 0], 'option a.1 must be more than 0, is 0'],
    [
      {
        anyOf: [
          { type: 'string', id: 'z' },
          { minimum: 3, exclusiveMinimum: true },
        ],
      },
      3,
      'option a must match a schema in anyOf, is 3',
    ],
    [{ pattern: '^[a-z\\_]+$' }, 'a_b', 'fine'],
  ])('%j and %j: %s', (schema, value, expected) => {
    expect(message({ a: schema }, { a: value })).toBe(expected);
  });

  test('an option of the name of a keyword is an option', () => {
    expect(message({ minimum: { type: 'integer' }, id: { type: 'string' } }, { minimum: 1, id: 'x' })).toBe('fine');
  });
});

test.each([
  ['options for a package without a schema', undefined, '{}', 'PKG004'],
  ['options that are no JSON', config, '{"a": }', 'PKG003'],
  ['options that are a list', config, '[]', 'PKG003'],
  ['a schema that is no JSON', { file: 'config.json', text: 'x' }, '{}', 'PKG003'],
  ['a schema that is none', { file: 'config.json', text: '{"type": "thing"}' }, '{}', 'PKG006'],
])('%s are refused', (_, schema, text, code) => {
  const result = optionsOf(schema, given(text));
  expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toEqual([code]);
});

test('thousands of wrong options are told each at its place', () => {
  const strict = { file: 'config.json', text: '{"properties": {"count": {}}, "additionalProperties": false}' };
  const wrong = Array.from({ length: 3_000 }, (_, index) => `"conut${index}": 1`);
  const result = optionsOf(strict, given(`{${wrong.join(',\n')}}`));
  expect(result.ok ? [] : result.problems.map(({ line }) => line)).toEqual(wrong.map((_, index) => index + 1));
});
