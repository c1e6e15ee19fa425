import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { assignment } from '../../../runtime/cli/assignment.ts';
import type { ProblemEntry } from '../../../runtime/cli/problems.ts';
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
    'name: {{NAME_OF_IT}}\npods:\n  a:\n    count: -1\n    cont: 1\n    tasks: {b: {goal: ONCE, cmd: x, cpus: 1}}\n',
  );
  expect(await validate(file)).toBe(1);
  expect(output).toBe(`${file}:5:5  SVC005  pods.a has no field cont
    4 |     count: -1
    5 |     cont: 1
      |     ^^^^ did you mean count?

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

test('a name that was given for nothing is told, with the one that was meant', async () => {
  expect(await validate(dataStore, '-e', 'DATA_CPUS=3')).toBe(0);
  expect(output).toContain('SVC026  -e DATA_CPUS changes nothing: no template asks for it');
  expect(output).toContain('did you mean DATA_CPU?');
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

test('--json gives one list: empty when all is well, else each problem with its severity', async () => {
  expect(await validate(dataStore, '--json')).toBe(0);
  expect(JSON.parse(output)).toEqual([]);
  output = '';
  const file = join(folder, 'my.yml');
  const task = 'tasks: {b: {goal: ONCE, cmd: x, cpus: 1}}';
  writeFileSync(file, `name: x\npods:\n  a:\n    count: none\n    cont: 1\n    ${task}\n`);
  expect(await validate(file, '--json')).toBe(1);
  expect(JSON.parse(output)).toEqual([
    {
      file,
      line: 4,
      column: 12,
      code: 'SVC008',
      severity: 'error',
      message: 'pods.a.count must be a whole number, is none',
      remedy: 'write a whole number, such as 3',
    },
    {
      file,
      line: 5,
      column: 5,
      code: 'SVC005',
      severity: 'warning',
      message: 'pods.a has no field cont',
      remedy: 'did you mean count?',
    },
  ]);
});

test('a variable without a value is empty for the lenient', async () => {
  const file = join(folder, 'my.yml');
  writeFileSync(file, 'name: x{{Y}}\npods: {a: {count: 1, tasks: {b: {goal: ONCE, cmd: x, cpus: 1}}}}\n');
  expect(await validate(file)).toBe(1);
  expect(await validate(file, '--lenient')).toBe(0);
  expect(output).toContain('1 warning');
});

describe('the files of a package', () => {
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  const metadata = { packagingVersion: '4.0', name: 'shop', version: '1', maintainer: 'm', description: 'd', tags: [] };
  const option = { type: 'integer', description: 'How many.' };

  /** A service whose package is right but for what is given. */
  function shop(parts: Partial<Record<'metadata' | 'config' | 'app' | 'resource' | 'service', unknown>>) {
    mkdirSync(join(folder, 'universe'), { recursive: true });
    write('universe/package.json', parts.metadata ?? metadata);
    write('universe/config.json', parts.config ?? { properties: { count: { ...option, default: 1 } } });
    write('universe/marathon.json.mustache', parts.app ?? '{"id": "shop",\n"env": {"COUNT": "{{count}}"}}');
    write('universe/resource.json', parts.resource ?? {});
    write(
      'svc.yml',
      parts.service ?? 'name: shop\npods: {a: {count: {{COUNT}}, tasks: {b: {goal: ONCE, cmd: x, cpus: 1}}}}\n',
    );
  }

  async function said(): Promise<string[]> {
    output = '';
    await validate(folder, '--json');
    const entries = JSON.parse(output) as ProblemEntry[];
    return entries.map(
      ({ file, line, severity, message, remedy }) =>
        `${severity} ${file.slice(folder.length + 1)}:${line} ${message} -> ${remedy}`,
    );
  }

  test('that are right give nothing to say', async () => {
    shop({});
    expect(await said()).toEqual([]);
  });

  test('are checked one and all', async () => {
    shop({
      metadata: { ...metadata, name: 'Shop', manager: { packageName: 'x' } },
      app: '{"env": {"COUNT": "{{count}}"}}',
      resource: { assets: { uris: { zip: 1 } } },
      service: 'name: shop\npods: {a: {count: x, tasks: {b: {goal: ONCE, cmd: x, cpus: 1}}}}\n',
    });
    expect(await said()).toEqual([
      'error svc.yml:2 pods.a.count must be a whole number, is x -> write a whole number, such as 3',
      'error universe/marathon.json.mustache:1 this does not render to a Marathon app: it has no id -> add "id": "{{service.name}}"',
      'error universe/package.json:3 name must match ^[a-z][a-z0-9-]*[a-z0-9]$, is "Shop" -> lower-case letters, digits and dashes, such as "hello-world"',
      'error universe/package.json:8 manager needs packagingVersion 5.0 -> write "packagingVersion": "5.0", or leave manager out',
      'error universe/resource.json:4 assets.uris.zip must be text, is 1 -> files by names of your own, each with its address',
      'warning universe/marathon.json.mustache:1 the package sets COUNT, but no template uses it -> use {{COUNT}} in svc.yml, or remove it here; for all tasks set TASKCFG_ALL_COUNT',
    ]);
  });

  test('say so when a part is missing or has no business there', async () => {
    shop({});
    rmSync(join(folder, 'universe/package.json'));
    write('universe/command.json', {});
    expect(await said()).toEqual([
      'error universe/package.json:0 the package has no package.json -> a package is a folder universe/ with package.json, config.json, marathon.json.mustache and resource.json',
      'warning universe/command.json:0 command.json is no part of a package and is left out -> move it elsewhere',
    ]);
  });

  test('and the service fit together', async () => {
    shop({
      config: { properties: { count: { ...option, default: 1 }, cuont: option, hosts: { properties: { a: option } } } },
      app:
        '{"id": "shop", "env": {\n"COUNT": "{{count}}",\n"COUTN": "{{hosts.b}}",\n"PACKAGE_NAME": "{{resource.name}}"' +
        '{{#hosts.a}},"HIDDEN": ""{{/hosts.a}}}}',
      service:
        'name: shop\npods:\n  a:\n    count: {{COUNT}}\n    tasks: {b: {goal: ONCE, cmd: x, cpus: 1}}\n' +
        '{{#HIDDEN}}{{/HIDDEN}}{{#COUNTT}}{{/COUNTT}}\n',
    });
    expect(await said()).toEqual([
      'warning svc.yml:6 nothing sets {{COUNTT}}: neither the package nor the environment -> did you mean {{COUNT}}?',
      'warning universe/config.json:8 option cuont has no effect: marathon.json.mustache does not use it -> use {{cuont}} there, or remove the option',
      'warning universe/marathon.json.mustache:3 the package sets COUTN, but no template uses it -> use {{COUTN}} in svc.yml, or remove it here; for all tasks set TASKCFG_ALL_COUTN',
      'warning universe/marathon.json.mustache:3 {{hosts.b}} is always empty: config.json has nothing of that name -> did you mean {{hosts.a}}?',
      'warning universe/marathon.json.mustache:4 {{resource.name}} is always empty: resource.json has nothing of that name -> add resource.name to resource.json',
    ]);
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
