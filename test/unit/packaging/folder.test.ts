import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFolder, readOptions, readUniverse } from '../../../runtime/packaging/folder.ts';

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
      universe: {
        path: join(folder, 'universe'),
        others: [],
        config: { file: join(folder, 'universe/config.json'), text: '{}' },
      },
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

test.each(['svc.yaml', 'service.yml', 'svc.yml.mustache'])('a folder that has %s instead is told so', (name) => {
  write(name, 'name: x');
  const result = readFolder(folder);
  expect(result.ok ? undefined : result.problems[0]?.remedy).toBe(
    `rename ${name} to svc.yml, or name that file itself: ${join(folder, name)}`,
  );
});

test('a package is found below its service or by itself, with all that is in it', () => {
  mkdirSync(join(folder, 'universe'));
  for (const name of ['package.json', 'config.json', 'marathon.json.mustache', 'resource.json', 'command.json'])
    write(`universe/${name}`, `{"x": "${name}"}`);
  const found = readUniverse(folder);
  expect(found).toEqual(readUniverse(join(folder, 'universe')));
  expect(found).toMatchObject({
    universe: {
      path: join(folder, 'universe'),
      metadata: { text: '{"x": "package.json"}' },
      config: { text: '{"x": "config.json"}' },
      marathon: { text: '{"x": "marathon.json.mustache"}' },
      resource: { text: '{"x": "resource.json"}' },
      others: [join(folder, 'universe/command.json')],
    },
  });
});

test('where there is no package, its parts are named', () => {
  const refused = (path: string) => {
    const result = readUniverse(path);
    return result.ok ? [] : result.problems.map(({ code, message, remedy }) => [code, message, remedy]);
  };
  const parts =
    'a package is a folder universe/ with package.json, config.json, marathon.json.mustache and resource.json';
  expect(refused(folder)).toEqual([['PKG009', 'there is no package in this folder', parts]]);
  expect(refused(join(folder, 'nowhere'))).toEqual([['PKG009', 'there is no such folder', parts]]);
});

test.each<[string, string | undefined, string, string]>([
  ['that is not there', undefined, 'there is no such file', 'name a JSON file with --options, or leave it out'],
  [
    'of two megabytes',
    'x'.repeat(2_000_000),
    'the file is larger than 1 MiB',
    'a file of a package needs a few kilobytes',
  ],
])('a file of options %s is not blamed on svc.yml', (_, content, message, remedy) => {
  if (content !== undefined) write('o.json', content);
  expect(readOptions(join(folder, 'o.json'))).toMatchObject({ ok: false, problem: { message, remedy } });
});
