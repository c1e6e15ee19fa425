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
