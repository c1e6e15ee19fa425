import { expect, test } from 'vitest';
import { parseJson } from '../../../runtime/packaging/json.ts';

test.each([
  ['{"a": ,}', 6],
  ['{"a": 1,}', 8],
  ['{a: 1}', 1],
  ['[1 2]', 3],
  ['{"a": "b\nc"}', 8],
  ['[1] x', 4],
  ['nul', 3],
  ['{"a": 1', 7],
  ['', 0],
])('%j breaks off at %i', (text, offset) => {
  expect(parseJson(text)).toMatchObject({ ok: false, offset });
});

test('the reason does not repeat the text', () => {
  const parsed = parseJson('{"a": ,}');
  expect(parsed.ok ? '' : parsed.reason).toBe("Unexpected token ','");
});

test('what is nested without end is refused where it gets too deep', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}"[[["${'}'.repeat(levels)}`;
  expect(parseJson(deep(100))).toMatchObject({ ok: true });
  expect(parseJson(deep(101))).toEqual({
    ok: false,
    reason: 'it is nested more than 100 levels deep',
    offset: 500,
  });
  expect(parseJson('['.repeat(300_000))).toMatchObject({ ok: false, offset: 100 });
});
