import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { packageCommand } from '../../../runtime/cli/package.ts';
import { loadService } from '../../../runtime/packaging/load.ts';
import type { RepositoryEntry } from '../../../runtime/packaging/repository.ts';
import { typed } from './typed.ts';

const shop = fileURLToPath(new URL('./shop', import.meta.url));
const dataStore = fileURLToPath(new URL('../../../frameworks/data-store', import.meta.url));
const golden = (name: string) => join(shop, 'golden', name);
const run = (...args: string[]) => typed(['package', ...args], packageCommand);

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'mainstay-package-'));
  vi.stubEnv('SOURCE_DATE_EPOCH', '1700000000');
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

const decoded = (text: string) => Buffer.from(text, 'base64').toString('utf8');

/** With what is in base64 as what it says, for people to review. */
function reviewable(app: { labels: Record<string, string> }): string {
  const { DCOS_PACKAGE_OPTIONS: given = '', DCOS_PACKAGE_DEFINITION: entry = '', ...labels } = app.labels;
  const DCOS_PACKAGE_DEFINITION = withoutBase64(JSON.parse(decoded(entry)));
  return JSON.stringify(
    { ...app, labels: { ...labels, DCOS_PACKAGE_OPTIONS: JSON.parse(decoded(given)), DCOS_PACKAGE_DEFINITION } },
    null,
    2,
  );
}

function withoutBase64(entry: RepositoryEntry): object {
  return { ...entry, marathon: { v2AppMustacheTemplate: decoded(entry.marathon.v2AppMustacheTemplate).split('\n') } };
}

test('render prints the app of an installation, with the labels of the package manager above all others', async () => {
  const from = ['--source', 'https://example.com/repository.json', '--options', join(shop, 'options.json')];
  const { code, out, err } = await run('render', shop, ...from);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  await expect(reviewable(JSON.parse(out))).toMatchFileSnapshot(golden('app.txt'));
});

test('the environment of that app is what the definition is rendered against', async () => {
  const { env } = JSON.parse((await run('render', dataStore)).out);
  const loaded = loadService({ path: dataStore, processEnv: {}, overrides: {} });
  expect(loaded.ok && loaded.env).toEqual(env);
});

test('a package may be named by itself, and comes from its folder unless told otherwise', async () => {
  const { out } = await run('render', join(shop, 'universe'));
  expect(JSON.parse(out).labels.DCOS_PACKAGE_SOURCE).toBe(pathToFileURL(join(shop, 'universe')).href);
});

test('build writes a repository of all packages, the same at each build', async () => {
  const file = join(scratch, 'repository.json');
  const built = await run('build', shop, dataStore, '--out', file, '--release', '7');
  expect(built).toEqual({ code: 0, out: '', err: `${file} holds 2 packages: shop 1.2.3, data-store 0.1.0\n` });
  const [ours, theirs] = JSON.parse(readFileSync(file, 'utf8')).packages as RepositoryEntry[];
  await expect(JSON.stringify(withoutBase64(ours!), null, 2)).toMatchFileSnapshot(golden('repository.txt'));
  expect(theirs).toMatchObject({ name: 'data-store', releaseVersion: 7, lastUpdated: 1_700_000_000 });
  expect((await run('build', shop, dataStore, '--release', '7')).out).toBe(readFileSync(file, 'utf8'));
});

test('a package that says when it was updated is believed', async () => {
  cpSync(shop, scratch, { recursive: true });
  const metadata = JSON.parse(readFileSync(join(shop, 'universe/package.json'), 'utf8'));
  writeFileSync(join(scratch, 'universe/package.json'), JSON.stringify({ ...metadata, lastUpdated: 5 }));
  expect(JSON.parse((await run('build', scratch)).out).packages[0].lastUpdated).toBe(5);
});

test('nothing is written while a package has a mistake; all mistakes of all packages are told', async () => {
  cpSync(shop, scratch, { recursive: true });
  writeFileSync(join(scratch, 'universe/config.json'), '{"properties": {"till": {"properties": }}}');
  writeFileSync(join(scratch, 'universe/package.json'), '{}');
  const file = join(scratch, 'repository.json');
  const { code, out, err } = await run('build', dataStore, scratch, '--out', file);
  expect({ code, out, written: existsSync(file) }).toEqual({ code: 1, out: '', written: false });
  expect(err).toContain(`${scratch}/universe/config.json:1:40  PKG003  this is not a JSON object`);
  expect(err).toContain('PKG008  packagingVersion is required and missing');
  expect(err).toContain('7 mistakes');
});

test.each([
  ['a package that is there twice', ['build', shop, dataStore, shop], 'PKG010', 'the package shop is there twice'],
  ['a folder without a package', ['build', fileURLToPath(new URL('.', import.meta.url))], 'PKG009', 'no package in'],
  ['a folder that is not there', ['render', '/nowhere'], 'PKG009', 'there is no such folder'],
  ['options that are not there', ['render', shop, '--options', '/nowhere'], 'PKG001', 'there is no such file'],
])('%s is refused', async (_, args, code, message) => {
  const refused = await run(...args);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain(code);
  expect(refused.err).toContain(message);
});

test('a bad option names its path, the rule of the schema and what the schema says of it', async () => {
  const options = join(scratch, 'options.json');
  writeFileSync(options, '{"till": {"cpus": 0,\n "cuont": 1}}');
  const { code, err } = await run('render', shop, '--options', options, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(err)).toEqual([
    {
      file: options,
      line: 1,
      column: 19,
      code: 'PKG005',
      severity: 'error',
      message: 'option till.cpus must be more than 0, is 0',
      remedy: 'Of each till.',
    },
    {
      file: options,
      line: 2,
      column: 11,
      code: 'PKG005',
      severity: 'error',
      message: 'option till.cuont does not exist',
      remedy: 'there are: count, cpus, placement',
    },
  ]);
});

test('what cannot be written, and a time that is none, are said', async () => {
  expect((await run('build', shop, '--out', join(scratch, 'no/where.json'))).err).toContain(
    'cannot be written: ENOENT',
  );
  vi.stubEnv('SOURCE_DATE_EPOCH', 'yesterday');
  expect(await run('build', shop)).toMatchObject({
    code: 1,
    err: 'mainstay: error: SOURCE_DATE_EPOCH is "yesterday"; expected seconds since 1970\n',
  });
});
