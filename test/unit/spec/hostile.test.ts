import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printProblem } from '../../../runtime/spec/problem.ts';
import { parseService } from '../../../runtime/spec/spec.ts';
import { service } from './definitions.ts';

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const BOMB = `name: s\npods:\n  a: &a {count: 1, tasks: &t {${lines(2000, (i) => `t${i}: {goal: ONCE, cmd: x, cpus: 1},`)}}}\n${lines(2000, (i) => `  b${i}: *a`)}`;

test.each([
  ['ten megabytes', 'a'.repeat(10_000_000), 'SVC003'],
  ['lists without an end', '['.repeat(100_000), 'SVC003'],
  ['maps in maps in maps', '{a: '.repeat(100_000), 'SVC003'],
  ['an alias bomb', BOMB, 'SVC003'],
  ['an anchor that holds itself', 'name: s\npods: &p {a: *p}', 'SVC007'],
  ['an alias of nothing', 'name: *nothing', 'SVC003'],
  ['a hundred thousand fields', lines(100_000, (i) => `k${i}: 1`), 'SVC003'],
  ['sections in sections', `${'{{#A}}'.repeat(50_000)}${'{{/A}}'.repeat(50_000)}`, 'SVC002'],
  ['a tag that never ends', `{{A${' '.repeat(1_000_000)}`, 'SVC002'],
  ['a name that takes long to refuse', `name: ${'a'.repeat(500_000)}!\n`, 'SVC010'],
  ['keys of the prototype', 'name: s\n__proto__: {pods: {}}\nconstructor: {}\n', 'SVC005'],
  [
    'text that unfolds to megabytes',
    `name: s\npods:\n  a: {count: 1, tasks: {t: {goal: ONCE, cpus: 1, cmd: &c "${'x'.repeat(100_000)}", env: {${lines(50, (i) => `  V${i}: *c,`)}}}}}`,
    'SVC003',
  ],
  [
    'a NUL in a key',
    'name: s\npods: {a: {count: 1, tasks: {t: {goal: ONCE, cmd: x, cpus: 1, env: {"A\\0": x}}}}}',
    'SVC010',
  ],
  ['a NUL in a value', 'name: s\npods: {a: {count: 1, tasks: {t: {goal: ONCE, cmd: "x\\0y", cpus: 1}}}}', 'SVC010'],
  [
    'half a character in a value',
    'name: s\npods: {a: {count: 1, tasks: {t: {goal: ONCE, cmd: "\\uD800", cpus: 1}}}}',
    'SVC010',
  ],
  [
    'a pattern that takes long to match',
    'name: s\npods: {a: {count: 1, placement: "rack:LIKE:(a+)+$", tasks: {t: {goal: ONCE, cmd: x}}}}',
    'SVC012',
  ],
  [
    'many blanks where a number is wanted',
    `name: s\npods: {a: {count: 1, tasks: {t: {goal: ONCE, cmd: x, cpus: 1, resource-limits: {cpus: "${' '.repeat(100_000)}x"}}}}}`,
    'SVC010',
  ],
  ['an empty file', '', 'SVC003'],
  ['a list', '- a\n- b\n', 'SVC003'],
  ['half a surrogate pair', 'name: \ud800\n', 'SVC010'],
])('%s: a message', (_, text, code) => {
  const result = parseService({ file: 'svc.yml', text }, { A: '1' });
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.problems.map((problem) => problem.code)).toContain(code);
  expect(result.problems.map(printProblem).join('\n')).not.toContain('\n    at ');
});

test('twenty thousand variables without a value are so many messages', () => {
  const text = lines(20_000, (i) => `a${i}: {{WRONG_NAME_${i}}}`);
  const env = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`WRONG_NAMES_${i}`, '1']));
  const result = parseService({ file: 'svc.yml', text }, env);
  const missing = result.ok ? [] : result.problems.filter(({ code }) => code === 'SVC001');
  expect(missing).toHaveLength(20_000);
  expect(missing[1]?.remedy).toMatch(/^did you mean {{WRONG_NAMES_\d+}}\?$/);
  expect(missing[19_999]?.remedy).toBe('set it with -e WRONG_NAME_19999=... or give it a default');
});

test('whatever is done to a definition, the answer is a spec or problems within the file', () => {
  const base = service({ task: ['memory: {{MEM}}', 'env: {A: "{{#A}}1{{/A}}"}'], pod: ['placement: hostname:UNIQUE'] });
  const snippet = fc.oneof(
    fc.constantFrom('{{', '}}', '{{#A}}', '{{/A}}', ':', '- ', '*a', '&a ', '"', '{', '[', '\n', '\t', '~', '<<: '),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.nat(base.length), fc.nat(20), snippet, fc.string(), (at, cut, text, value) => {
      const changed = base.slice(0, at) + text + base.slice(at + cut);
      const result = parseService({ file: 'svc.yml', text: changed }, { MEM: value, A: '1' });
      if (result.ok) return;
      expect(result.problems.length).toBeGreaterThan(0);
      for (const { line, column } of result.problems) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(changed.split('\n').length);
        expect(column).toBeLessThanOrEqual((changed.split('\n')[line - 1] ?? '').length + 1);
      }
    }),
    { numRuns: 500 },
  );
});
