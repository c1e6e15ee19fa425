import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaCommand } from '../../../runtime/cli/schema.ts';
import { typed } from './typed.ts';

const file = new URL('../../../schema/svc.schema.json', import.meta.url);

test('the schema that is printed is the one that definitions are read by', async () => {
  expect(await typed(['schema'], schemaCommand)).toEqual({ code: 0, out: readFileSync(file, 'utf8'), err: '' });
});

test('an editor may be pointed to it where it is', async () => {
  const { out } = await typed(['schema', '--path'], schemaCommand);
  expect(readFileSync(out.trim(), 'utf8')).toBe(readFileSync(file, 'utf8'));
});
