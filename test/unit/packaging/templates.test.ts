import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadService } from '../../../runtime/packaging/load.ts';
import { templateReader } from '../../../runtime/packaging/templates.ts';

let root: string;
const at = (path: string) => join(root, path);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mainstay-templates-'));
  mkdirSync(at('service/conf'), { recursive: true });
  mkdirSync(at('service-of-others'));
  writeFileSync(at('service/conf/a.conf'), 'a={{A}}\n');
  writeFileSync(at('service/..odd'), 'odd');
  writeFileSync(at('service/binary'), Buffer.from([0xff, 0xfe]));
  writeFileSync(at('service/nul'), 'a\0b');
  writeFileSync(at('service/large'), 'x'.repeat(1024 * 1024 + 1));
  writeFileSync(at('service-of-others/secret'), 'secret');
  symlinkSync(at('service-of-others/secret'), at('service/link'));
  symlinkSync(at('service/conf/a.conf'), at('service/inner-link'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a template', () => {
  const read = (path: string) => {
    const result = templateReader(at('service/svc.yml'))(path);
    return result.ok ? result.text : result.finding.message;
  };

  test.each([
    ['beside the definition', 'conf/a.conf', 'a={{A}}\n'],
    ['with a winding path', './conf/../conf/a.conf', 'a={{A}}\n'],
    ['with an absolute path, which counts from the folder', '/conf/a.conf', 'a={{A}}\n'],
    ['behind a link within the folder', 'inner-link', 'a={{A}}\n'],
    ['whose name only begins like a way out', '..odd', 'odd'],
  ])('%s is read', (_, path, text) => {
    expect(read(path)).toBe(text);
  });

  test.each([
    ['above the folder', '../service-of-others/secret', 'lies outside the folder of the svc.yml'],
    [
      'above the folder by a winding path',
      'conf/../../service-of-others/secret',
      'lies outside the folder of the svc.yml',
    ],
    ['the folder above itself', '..', 'lies outside the folder of the svc.yml'],
    ['behind a link out of the folder', 'link', 'lies outside the folder of the svc.yml'],
    ['that is not there', 'conf/b.conf', 'cannot be read: there is no such file'],
    ['that is a folder', 'conf', 'cannot be read: this is not a file'],
    ['that is the folder', '.', 'cannot be read: this is not a file'],
    ['that is no UTF-8', 'binary', 'cannot be read: this is not a text file: it is not UTF-8'],
    ['that holds a NUL', 'nul', 'cannot be read: this is not a text file: byte 1 is NUL'],
    ['that is too large', 'large', 'cannot be read: the file is larger than 1 MiB'],
    ['with a NUL in its name', 'a\0b', 'cannot be read: there is no such file'],
  ])('%s is refused', (_, path, reason) => {
    expect(read(path)).toBe(`the template ${path} ${reason}`);
  });
});

describe('a service in a folder', () => {
  const task = '{goal: ONCE, cmd: x, cpus: 1, configs: {a: {template: conf/a.conf, dest: a}}, env: {B: "{{B}}"}}';
  const load = (env: Record<string, string>) => {
    writeFileSync(at('service/svc.yml'), `name: s\npods: {p: {count: 1, tasks: {t: ${task}}}}\n`);
    return loadService({ path: at('service'), processEnv: env, overrides: {} });
  };

  test('has the text of its templates in its spec, as it stands in the file', () => {
    const loaded = load({ B: '1' });
    expect(loaded.ok && loaded.spec.pods[0]?.tasks[0]?.configs).toEqual([
      { name: 'a', destination: 'a', template: 'a={{A}}\n' },
    ]);
  });

  test('tells what the template became and what it says', () => {
    const loaded = load({ B: 'yes' });
    expect(loaded.ok && loaded.rendered).toContain('env: {B: "yes"}');
    expect(loaded.ok && loaded.definition.pods['p']?.tasks['t']?.env).toEqual({ B: 'yes' });
  });

  test.each([
    ['a mistake', undefined, false, ['SVC001'], []],
    ['a warning when leniency is asked for', 'true', true, [], ['SVC001']],
    ['a mistake when leniency is turned down', 'no', false, ['SVC001'], []],
  ])('a missing variable is %s', (_, lenient, ok, problems, warnings) => {
    const loaded = load(lenient === undefined ? {} : { TEMPLATE_LENIENT: lenient });
    expect(loaded.ok).toBe(ok);
    expect((loaded.ok ? [] : loaded.problems).map(({ code }) => code)).toEqual(problems);
    expect(loaded.warnings.map(({ code }) => code)).toEqual(warnings);
  });
});
