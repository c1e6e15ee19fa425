import { expect, test } from 'vitest';
import { type ScalarType, typed } from '../../../runtime/spec/scalar.ts';

test.each<[string, ScalarType, unknown]>([
  ['1.10', 'string', '1.10'],
  ['010', 'string', '010'],
  ['yes', 'string', 'yes'],
  ['2001-01-01', 'string', '2001-01-01'],
  ['', 'string', ''],
  ['010', 'integer', 10],
  ['1_000', 'integer', 1000],
  ['+3', 'integer', 3],
  ['-3', 'integer', -3],
  ['3.0', 'integer', 3],
  ['3.5', 'integer', '3.5'],
  ['0x10', 'integer', '0x10'],
  ['1e3', 'integer', '1e3'],
  ['three', 'integer', 'three'],
  ['', 'integer', undefined],
  ['1.10', 'number', 1.1],
  ['.5', 'number', 0.5],
  ['1e-1', 'number', 0.1],
  ['1_0.5', 'number', 10.5],
  ['.inf', 'number', '.inf'],
  ['1e999', 'number', '1e999'],
  ['NaN', 'number', 'NaN'],
  ['yes', 'boolean', true],
  ['Off', 'boolean', false],
  ['TRUE', 'boolean', true],
  ['no', 'boolean', false],
  ['1', 'boolean', true],
  ['0', 'boolean', false],
  ['maybe', 'boolean', 'maybe'],
  ['', 'boolean', undefined],
])('%j as %s is %j', (text, type, expected) => {
  expect(typed(text, type)).toBe(expected);
});
