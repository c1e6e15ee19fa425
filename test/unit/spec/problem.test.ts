import { expect, test } from 'vitest';
import { Mistake } from '../../../runtime/spec/catalogue.ts';
import { inOrder, locatorOf, printProblem, wholeFile } from '../../../runtime/spec/problem.ts';

const text = 'pods:\n  data:\n\tcount: {{DATA_COUNTT}}\n';
const tag = { from: text.indexOf('{{'), to: text.indexOf('}}') + 2 };
const locate = locatorOf({ file: 'svc.yml', text });

test('a problem shows its place, the line before, carets and the fix', () => {
  expect(printProblem(locate(Mistake.MissingVariable('DATA_COUNTT', 'DATA_COUNT'), tag))).toBe(
    [
      'svc.yml:3:9  SVC001  {{DATA_COUNTT}} has no value',
      '    2 |   data:',
      '    3 | \tcount: {{DATA_COUNTT}}',
      '      | \t       ^^^^^^^^^^^^^^^ did you mean {{DATA_COUNT}}?',
    ].join('\n'),
  );
});

test('what a tag was rendered to is said', () => {
  expect(
    printProblem(locate(Mistake.NotAService(), tag, 'a\nb'))
      .split('\n')
      .at(-1),
  ).toBe('      = rendered as a\\nb');
});

test('a long line is shown from a little before the mistake', () => {
  const long = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`;
  const printed = printProblem(locatorOf({ file: 'f', text: long })(Mistake.NotAService(), { from: 5000, to: 5004 }));
  const [, line = '', carets = ''] = printed.split('\n');
  expect(line.length).toBeLessThan(140);
  expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE');
});

test('a terminal is never told what to do', () => {
  const evil = 'a: \u001b[2J\u0007';
  const printed = printProblem(
    locatorOf({ file: 'f', text: evil })(Mistake.DuplicateKey('\u001b[2J'), { from: 3, to: 4 }),
  );
  expect(printed).not.toContain('\u001b');
  expect(printed).not.toContain('\u0007');
});

test('a problem of a whole file has no excerpt', () => {
  expect(printProblem(wholeFile(Mistake.NoSuchFile('there is no such file'), 'x'))).toBe(
    'x  PKG001  there is no such file\n      name a folder with an svc.yml, or an svc.yml itself',
  );
});

test('problems come in the order of the file', () => {
  const later = locate(Mistake.NotAService(), tag);
  const sooner = locate(Mistake.NotAService(), { from: 0, to: 1 });
  expect(inOrder([later, sooner])).toEqual([sooner, later]);
});
