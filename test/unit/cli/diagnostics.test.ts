import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { FRAMEWORK, helloWorld, serve, stateOf, taskRecord } from '../api/hello-world.ts';
import { type Answer, answering } from './answering.ts';
import { typed } from './typed.ts';

/** Collects into an archive and unpacks it. */
async function collected(url: string) {
  const directory = temporaryDirectory();
  const file = join(directory, 'out.tar.gz');
  const done = await typed(['diagnostics', '-o', file, '--url', url]);
  spawnSync('tar', ['-xzf', file, '-C', directory, '--strip-components=1']);
  return { ...done, file, directory, read: (name: string) => readFileSync(join(directory, name), 'utf8') };
}

test('all that a scheduler tells is in one archive, which its owner alone can read', async () => {
  const { url, close, get } = await serve(stateOf(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]), FRAMEWORK));
  onTestFinished(close);
  const { code, out, file, read } = await collected(url);
  expect([code, out, statSync(file).mode & 0o777]).toEqual([0, `${file}\n`, 0o600]);
  expect(read('plans/deploy.json')).toBe(`${(await get('/v1/plans/deploy')).body}\n`);
  expect(read('pods/hello-0.json')).toContain('"name" : "hello-0-server"');
  expect(JSON.parse(read('pods/hello-0.why.json'))).toMatchObject({ pod: 'hello-0' });
  const { requests, ...about } = JSON.parse(read('about.json')) as { requests: object[] };
  expect(about).toMatchObject({ scheduler: url, commandLine: { node: process.version } });
  expect(requests).toContainEqual({ path: 'v1/plans', file: 'plans.json', outcome: '200 OK' });
  expect(requests).toContainEqual({ path: 'v1/health?verbose=true', file: 'health.json', outcome: '204 No Content' });
});

/** A scheduler of which some parts are broken. */
function broken(path: string): Answer {
  if (path === '/v1/plans') return { body: ['deploy', '../../escape'] };
  if (path.includes('escape')) return { body: 'kept inside' };
  if (path === '/v1/pod') return { status: 500 };
  if (path === '/v1/endpoints') return { hangUp: true };
  return path.startsWith('/v1/debug') ? { status: 404, body: 'not here' } : { body: '{}' };
}

test('what fails is written down and loses nothing else', async () => {
  const { url } = await answering(({ path }) => broken(path));
  const { code, err, directory, read } = await collected(url);
  expect(code).toBe(0);
  expect(err).toContain('GET v1/pod: 500 Internal Server Error\n');
  expect(read('pods.json.error.txt')).toBe('500 Internal Server Error\n\n');
  expect(read('endpoints.json.error.txt')).toContain(`No answer from ${url}`);
  expect(read('offers.json.error.txt')).toBe('404 Not Found\nnot here\n');
  expect(read('plans/deploy.json')).toBe('{}\n');
  expect(read('plans/__.._escape.json')).toBe('kept inside\n');
  expect(existsSync(join(directory, '../escape.json'))).toBe(false);
});

test('a scheduler that is not there is no archive', async () => {
  const { code, err } = await typed([
    'diagnostics',
    '-o',
    join(temporaryDirectory(), 'x'),
    '--url',
    'http://127.0.0.1:1',
  ]);
  expect([code, err]).toEqual([1, expect.stringContaining('No answer from http://127.0.0.1:1')]);
});

test('a file that cannot be written is told before anything is asked', async () => {
  const { url, asked } = await answering(() => ({}));
  const { code, err } = await typed(['diagnostics', '-o', '/nowhere/x.tar.gz', '--url', url]);
  expect([code, err, asked]).toEqual([1, expect.stringContaining('name another file with -o'), []]);
});
