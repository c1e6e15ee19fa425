import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { assignment } from '../../../runtime/cli/assignment.ts';
import { validateCommand } from '../../../runtime/cli/validate.ts';

const dataStore = fileURLToPath(new URL('../../../frameworks/data-store', import.meta.url));
let folder: string;
let output: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-validate-'));
  output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

/** Runs `mainstay validate ...` and returns its exit code. */
async function validate(...args: string[]): Promise<number> {
  const program = new Command('mainstay');
  validateCommand(program);
  await program.parseAsync(['validate', ...args], { from: 'user' });
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return code;
}

test('a right definition gives one line', async () => {
  expect(await validate(dataStore, '-e', 'DATA_COUNT=5')).toBe(0);
  expect(output).toBe(`${dataStore} is valid: service data-store, 2 pods, 2 tasks, 7 instances\n`);
});

test('every mistake is printed, warnings apart, and counted', async () => {
  const file = join(folder, 'my.yml');
  writeFileSync(
    file,
    'name: {{NAME_OF_IT}}\npods:\n  a:\n    count: -1\n    user: x\n    tasks: {b: {goal: ONCE, cmd: x, cpus: 1}}\n',
  );
  expect(await validate(file)).toBe(1);
  expect(output).toBe(`${file}:5:5  SVC005  pods.a has no field user
    4 |     count: -1
    5 |     user: x
      |     ^^^^ it has: count, allow-decommission, placement, resource-sets, tasks

1 warning

${file}:1:7  SVC001  {{NAME_OF_IT}} has no value
    1 | name: {{NAME_OF_IT}}
      |       ^^^^^^^^^^^^^^ set it with -e NAME_OF_IT=... or give it a default

${file}:4:12  SVC009  pods.a.count must be at least 0, is -1
    3 |   a:
    4 |     count: -1
      |            ^^ write a number that is at least 0

2 mistakes

`);
});

test('options are read from their file', async () => {
  const options = join(folder, 'options.json');
  writeFileSync(options, '{"data": {"count": 0}}');
  expect(await validate(dataStore, '--options', options)).toBe(0);
  expect(output).toContain('2 instances');
});

test.each([[['/nowhere']], [[dataStore, '--options', '/nowhere']]])('what is not there is said: %j', async (args) => {
  expect(await validate(...args)).toBe(1);
  expect(output).toContain('/nowhere  PKG001  there is no such file');
});

test('--json gives the spec, or the problems', async () => {
  expect(await validate(dataStore, '--json')).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ ok: true, service: { name: 'data-store' }, warnings: [] });
  output = '';
  expect(await validate(dataStore, '--json', '-e', 'DATA_COUNT=x')).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    ok: false,
    problems: [{ code: 'SVC008', line: 29, column: 12, rendered: 'x' }],
  });
});

test.each([
  ['A=1', { A: '1' }],
  ['A=', { A: '' }],
  ['A=b=c', { A: 'b=c' }],
])('-e %s', (text, expected) => {
  expect(assignment(text)).toEqual(expected);
});

test.each(['A', '=1', ''])('-e %j is refused', (text) => {
  expect(() => assignment(text)).toThrow('NAME=VALUE');
});
