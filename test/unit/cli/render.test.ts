import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { renderCommand } from '../../../runtime/cli/render.ts';
import { typed } from './typed.ts';

const shop = fileURLToPath(new URL('./shop', import.meta.url));
const golden = (name: string) => join(shop, 'golden', name);
const options = ['--options', join(shop, 'options.json')];
const render = (...args: string[]) => typed(['render', ...args], renderCommand);

let scratch: string | undefined;
afterEach(() => {
  process.exitCode = undefined;
  if (scratch) rmSync(scratch, { recursive: true });
  scratch = undefined;
});

/** The shop with its svc.yml changed. */
function changed(service: string): string {
  scratch = mkdtempSync(join(tmpdir(), 'mainstay-render-'));
  cpSync(shop, scratch, { recursive: true });
  writeFileSync(join(scratch, 'svc.yml'), service);
  return scratch;
}

describe('a definition becomes', () => {
  test.each([
    ['its YAML, with the tags filled in', [], 'svc.txt'],
    ['other YAML with other options', options, 'svc-options.txt'],
    ['the configuration that is stored', ['--resolved'], 'resolved.txt'],
    ['the tasks that are launched', ['--tasks', ...options], 'tasks.txt'],
    ['their messages to Mesos', ['--tasks', '--json', '-e', 'TILL_COUNT=1'], 'tasks-json.txt'],
  ])('%s', async (_, args, file) => {
    const { code, out, err } = await render(shop, ...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    await expect(out).toMatchFileSnapshot(golden(file));
  });
});

test('what the scheduler itself is told changes what tasks are told', async () => {
  const { out } = await render(shop, '--tasks', '-e', 'SERVICE_TLD=example.com', '-e', 'PORT_API=9000');
  expect(out).toContain('FRAMEWORK_HOST=shop.example.com');
  expect(out).toContain('SCHEDULER_API_PORT=9000');
});

test('the files that come from secrets, with where they come from', async () => {
  const encrypted = 'transport-encryption: [ { name: node, type: TLS }, { name: java, type: KEYSTORE } ]';
  const task = `{ goal: RUNNING, cmd: ./run, cpus: 1, memory: 32, ${encrypted} }`;
  const secrets = '{ key: { secret: shop/key, file: key.pem } }';
  const path = changed(`name: shop\npods: { web: { count: 1, secrets: ${secrets}, tasks: { server: ${task} } } }\n`);
  const { out } = await render(path, '--tasks', '-e', 'DCOS_SPACE=/team');
  // SHA-1 of web-0-server.shop.autoip.dcos.thisdcos.directory, worked out by sha1sum.
  const stem = 'e2dc9ff6c75124368ee55e4a826f5e7cca98c88e__web-0-server_';
  expect(out).toContain(`  secret files
    key.pem from shop/key
    node.crt from team/${stem}_node__certificate
    node.key from team/${stem}_node__private-key
    node.ca from team/${stem}_node__root-ca-certificate
    java.keystore from team/__dcos_base64__${stem}_java__keystore
    java.truststore from team/__dcos_base64__${stem}_java__truststore
`);
});

test('a setting that makes no sense is named', async () => {
  expect(await render(shop, '--tasks', '-e', 'EXECUTOR_CPUS=some')).toMatchObject({
    code: 1,
    out: '',
    err: 'mainstay: error: EXECUTOR_CPUS is "some"; expected a number above 0\n',
  });
});

test('with a mistake behind its tags a definition is printed all the same, for that is how it is found', async () => {
  const path = changed('name: {{FRAMEWORK_NAME}}\npods: {a: {count: {{GREETING}}}}\n');
  const { code, out, err } = await render(path);
  expect(code).toBe(1);
  expect(out).toBe('name: shop\npods: {a: {count: say "hello" & <wave>}}\n');
  expect(err).toContain('2 mistakes');
  expect(await render(path, '--tasks')).toMatchObject({ code: 1, out: '' });
});

test('a tag that cannot be filled in leaves nothing to print, unless that is what was asked for', async () => {
  const path = changed(
    'name: x{{NOTHING}}\npods: {a: {count: 1, tasks: {t: {goal: ONCE, cmd: x, cpus: 1, memory: 1}}}}\n',
  );
  const refused = await render(path);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain(`${path}/svc.yml:1:8  SVC001  {{NOTHING}} has no value`);
  process.exitCode = undefined;
  const lenient = await render(path, '--lenient');
  expect(lenient.out).toMatch(/^name: x\n/);
  expect(lenient).toMatchObject({ code: 0, err: expect.stringContaining('1 warning') });
});
