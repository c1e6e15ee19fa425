import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlacement } from '../../../runtime/spec/placement.ts';

const page = readFileSync(new URL('../../../docs/placement.md', import.meta.url), 'utf8').trimEnd();

/** The rows of the table that begins so, as cells without their marks; a table writes `|` as `\|`. */
function table(head: string): string[][] {
  const lines =
    page
      .slice(page.indexOf(`| ${head} |`))
      .split('\n\n')[0]
      ?.split('\n')
      .slice(2) ?? [];
  return lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) =>
        cell
          .trim()
          .replace(/^`(.*)`$/, '$1')
          .replaceAll('\\|', '|'),
      ),
  );
}

/** What the parser says of it after "placement"; undefined when it is right. */
function mistake(text: string | undefined): string | undefined {
  const read = parsePlacement(text ?? '');
  return read.ok ? undefined : read.reason;
}

test.each([
  ...table('form | example').map(([, example]) => example),
  ...table('operator | example | an agent is taken when').map(([, example]) => example),
  ...table('you want | write').map(([, example]) => example),
])('the page says rightly that one may write %s', (example) => {
  expect(mistake(example)).toBeUndefined();
});

test('the page names every operator, and no other', () => {
  const rows = table('operator | example | an agent is taken when');
  const named = rows.flatMap(([names = '']) => names.split('`, `')).sort();
  const known = mistake('hostname:?')?.split('one of ')[1]?.split(', ').sort();
  expect(named).toEqual(known);
  for (const [names = '', example = ''] of rows) expect(names.split('`, `')).toContain(example.split(':')[1]);
});

test.each(table('written | placement ...'))('the page says rightly what is wrong with %s', (text, reason) => {
  expect(mistake(text)).toBe(reason);
});

test('the page has its tables', () => {
  expect(['form | example', 'you want | write', 'written | placement ...'].map((head) => table(head).length)).toEqual([
    4, 7, 7,
  ]);
});
