import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../../runtime/spec/document.ts';
import { type FieldSchema, resolved, serviceSchema } from '../../../runtime/spec/schema.ts';
import { mistakesIn } from './definitions.ts';

/** docs/svc-yml.md is held against the schema: a field of one is a field of the other. */
const page = readFileSync(new URL('../../../docs/svc-yml.md', import.meta.url), 'utf8');

interface Row {
  readonly field: string;
  readonly example: string;
}

/** The rows of the tables of fields, by the heading above them. */
function documented(): Map<string, Row[]> {
  const sections = page.split(/^## /m).slice(1);
  const found = sections.map((section): [string, Row[]] => {
    const [, table = ''] = section.split('| field | type | default | unit | what it does | example |\n');
    const lines = table.split('\n\n', 1)[0]?.split('\n').slice(1) ?? [];
    return [section.split('\n', 1)[0] ?? '', lines.filter((line) => line.startsWith('| `')).map(rowOf)];
  });
  return new Map(found.filter(([, rows]) => rows.length > 0));
}

function rowOf(line: string): Row {
  const [field = '', , , , , example = ''] = line.slice(2, -2).split(' | ');
  return { field: unquoted(field), example: unquoted(example) };
}

function unquoted(code: string): string {
  return code.replace(/^`(.*)`$/, '$1');
}

/** Everything with fields of its own, by its title. */
function described(): Map<string, FieldSchema> {
  const inline = Object.values(serviceSchema.properties ?? {});
  const all = [serviceSchema, ...inline, ...Object.values(serviceSchema.definitions ?? {})];
  return new Map(all.filter((part) => part.properties).map((part) => [part.title ?? '', part]));
}

const rows = [...documented()].flatMap(([title, of]) =>
  of.map((row): [string, Row] => [`${title}: ${row.field}`, row]),
);

function fieldOf(path: string): FieldSchema {
  const [title = '', name = ''] = path.split(': ');
  const part = described().get(title);
  return resolved(part?.properties?.[name]);
}

test('the tables are what the schema says', () => {
  const script = fileURLToPath(new URL('../../../scripts/docs.js', import.meta.url));
  expect(spawnSync(process.execPath, [script, '--check']).stderr.toString()).toBe('');
});

test('every field is documented, and no other', () => {
  const names = (fields: Iterable<string>) => [...fields].sort();
  const page = [...documented()].map(([title, of]) => [title, names(of.map(({ field }) => field))] as const);
  const schema = [...described()].map(([title, part]) => [title, names(Object.keys(part.properties ?? {}))] as const);
  expect(Object.fromEntries(page)).toEqual(Object.fromEntries(schema));
});

describe.each(rows)('%s', (path, row) => {
  test('has an example that is right', () => {
    const field = fieldOf(path);
    const only = { type: 'object', properties: { [row.field]: field }, required: [row.field] };
    const { value, mistakes } = readDocument(row.example, only);
    const ajv = new Ajv({ strict: false, logger: false });
    const check = ajv.compile({ ...only, additionalProperties: false, definitions: serviceSchema.definitions });
    expect([mistakes, check(value), check.errors]).toEqual([[], true, null]);
  });
});

test.each([...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => [text]))(
  'this definition is right:\n%s',
  (text) => {
    expect(mistakesIn(text)).toEqual([]);
  },
);

test('every link leads to a heading', () => {
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z -]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
  expect(links.filter((anchor) => !headings.includes(anchor ?? ''))).toEqual([]);
});
