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
