import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFolder } from '../../../runtime/packaging/folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const problems = (path: string) => {
  const result = readFolder(path);
  return result.ok
    ? []
    : result.problems.map(({ file, code, message }) => [file.slice(folder.length + 1), code, message]);
};

test('a folder with a definition and a package', () => {
  mkdirSync(join(folder, 'universe'));
  write('svc.yml', 'name: x');
  write('universe/config.json', '{}');
  expect(readFolder(folder)).toEqual({
    ok: true,
    folder: {
      service: { file: join(folder, 'svc.yml'), text: 'name: x' },
      universe: { config: { file: join(folder, 'universe/config.json'), text: '{}' } },
    },
  });
});

test('a definition of another name, without a package', () => {
  write('simple.yml', '\ufeffname: x');
  const file = join(folder, 'simple.yml');
  expect(readFolder(file)).toEqual({ ok: true, folder: { service: { file, text: 'name: x' } } });
});

test.each<[string, string | Uint8Array | undefined, string, string]>([
  ['an absent definition', undefined, 'PKG001', 'there is no such file'],
  ['Latin-1', new Uint8Array([0x6e, 0xe9]), 'PKG002', 'this is not a text file: it is not UTF-8'],
  ['a NUL byte', 'name: \0', 'PKG002', 'this is not a text file: byte 6 is NUL'],
  ['two megabytes', 'x'.repeat(2_000_000), 'SVC003', 'the file is larger than 1 MiB'],
])('%s is refused', (_, content, code, message) => {
  if (content !== undefined) write('svc.yml', content);
  expect(problems(folder)).toEqual([['svc.yml', code, message]]);
});

test('a folder where the definition should be is refused', () => {
  mkdirSync(join(folder, 'svc.yml'));
  expect(problems(folder)).toEqual([['svc.yml', 'PKG001', 'this is not a file']]);
});

test('what no file can be called is refused', () => {
  expect(problems(join(folder, 'a\0b'))).toEqual([['a\0b', 'PKG001', 'there is no such file']]);
});

test('a package file that is no text is refused', () => {
  mkdirSync(join(folder, 'universe'));
  write('svc.yml', 'name: x');
  write('universe/config.json', new Uint8Array([0xff]));
  expect(problems(folder)).toEqual([['universe/config.json', 'PKG002', 'this is not a text file: it is not UTF-8']]);
});
