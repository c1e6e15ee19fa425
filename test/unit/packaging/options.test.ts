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
    data: { type: 'object', properties: { count: { type: 'integer', default: 3, minimum: 1 } } },
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
  });
});

test('a package without a schema has no options', () => {
  expect(optionsOf(undefined, undefined)).toEqual({ ok: true, options: {} });
});

test.each([
  ['a wrong type', '{"data": {"count": "five"}}', 'options.json:1:20 option data.count must be integer, is "five"'],
  ['below the minimum', '{"data": {"count": 0}}', 'options.json:1:20 option data.count must be >= 1, is 0'],
  [
    'not one of the choices',
    '{"service": {"level": "LOUD"}}',
    'options.json:1:23 option service.level must be equal to one of the allowed values: INFO, DEBUG, is "LOUD"',
  ],
  [
    'an option that does not exist',
    '{"service": {"nam": 1}}',
    'options.json:1:21 option service.nam is not an option of this package',
  ],
  [
    'a key of the prototype',
    '{"service": {"__proto__": 1}}',
    'options.json:1:27 option service.__proto__ is not an option of this package',
  ],
  ['a list for a section', '{"service": []}', 'options.json:1:13 option service must be object, is []'],
])('%s is refused where it was given', (_, text, expected) => {
  const result = optionsOf(config, given(text));
  expect(result.ok).toBe(false);
  if (!result.ok)
    expect(result.problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.message}`)).toEqual([expected]);
});

test('each bad option is named', () => {
  const result = optionsOf(config, given('{"data": {"count": 0},\n "service": {"name": "A", "level": 1}}'));
  expect(result.ok ? [] : result.problems.map(({ message }) => message.split(' ')[1])).toEqual([
    'data.count',
    'service.name',
    'service.level',
    'service.level',
  ]);
});

test('a required option without a default is asked for', () => {
  const strict = { file: 'config.json', text: '{"properties": {"key": {"type": "string"}}, "required": ["key"]}' };
  const result = optionsOf(strict, undefined);
  expect(result.ok ? [] : result.problems.map(({ file, line, message }) => [file, line, message])).toEqual([
    ['config.json', 0, 'option key is required and has no default'],
  ]);
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
