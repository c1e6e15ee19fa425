/** URIs of a task as the Mesos fetcher has them (trace 20): plain files, programs, archives, and what cannot be had. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchAll } from '../../../runtime/cluster/fetcher.ts';
import type { Uri } from '../../../runtime/kit/mesos.ts';

let server: Server;
let url: string;
let source: string;
let sandbox: string;

beforeAll(async () => {
  source = mkdtempSync(join(tmpdir(), 'mainstay-source-'));
  writeFileSync(join(source, 'hello.txt'), 'hello');
  writeFileSync(join(source, 'page.gz'), gzipSync('page'));
  execFileSync('tar', ['-C', source, '-czf', join(source, 'a.tgz'), 'hello.txt']);
  server = createServer((request, response) => {
    const file = join(source, (request.url ?? '').replace(/\?.*/, ''));
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(source, { recursive: true });
});
beforeEach(() => {
  sandbox = join(mkdtempSync(join(tmpdir(), 'mainstay-fetch-')), 'sandbox');
  mkdirSync(sandbox);
});
afterEach(() => rmSync(join(sandbox, '..'), { recursive: true }));

const fetched = (...uris: Uri[]) => fetchAll(uris, sandbox, new AbortController().signal);
const text = (name: string) => readFileSync(join(sandbox, name), 'utf8');

describe('a URI', () => {
  test.each([
    ['a server, named by its path', () => `${url}/hello.txt?version=1`],
    ['a file URL', () => `file://${source}/hello.txt`],
    ['an absolute path', () => `${source}/hello.txt`],
  ])('of %s lies in the sandbox', async (_, value) => {
    await fetched({ value: value() });
    expect(text('hello.txt')).toBe('hello');
  });

  test('goes where its output_file says, and is executable when asked for', async () => {
    await fetched({ value: `${url}/hello.txt`, output_file: 'sub/renamed', executable: true });
    expect(text('sub/renamed')).toBe('hello');
    expect(statSync(join(sandbox, 'sub/renamed')).mode & 0o111).not.toBe(0);
  });

  test('of an archive is unpacked into the sandbox beside it, unless that is not wanted', async () => {
    await fetched({ value: `${url}/a.tgz`, extract: false, output_file: 'kept.tgz' });
    expect(existsSync(join(sandbox, 'hello.txt'))).toBe(false);
    await fetched({ value: `${url}/a.tgz` }, { value: `${url}/page.gz` });
    expect([text('hello.txt'), text('page'), existsSync(join(sandbox, 'a.tgz'))]).toEqual(['hello', 'page', true]);
  });

  test.each([
    ['that is not there', () => ({ value: `${url}/none` }), /Failed to fetch '.*\/none': the server answered 404/],
    ['of nobody who listens', () => ({ value: 'http://127.0.0.1:1/x' }), /Failed to fetch .*ECONNREFUSED|bad port/],
    ['of another scheme', () => ({ value: 'hdfs://a/b' }), /only http, https and file URIs/],
    ['of no file', () => ({ value: `${url}/` }), /it names no file/],
    ['that is empty', () => ({ value: '' }), /it names no file/],
    ['that would leave the sandbox', () => ({ value: `${url}/hello.txt`, output_file: '../x' }), /not in the sandbox/],
    ['with an absolute output_file', () => ({ value: `${url}/hello.txt`, output_file: '/abs' }), /not in the sandbox/],
    ['of no archive that says it is one', () => ({ value: `${url}/hello.txt`, output_file: 'x.tgz' }), /tar/],
  ])('%s fails in words', async (_, uri, message) => {
    await expect(fetched(uri())).rejects.toThrow(message);
    expect(existsSync(join(sandbox, '../x'))).toBe(false);
  });

  test('is given up when the agent ends', async () => {
    const endless = createServer((_, response) => response.writeHead(200).write('x')).listen(0, '127.0.0.1');
    await once(endless, 'listening');
    const asked = once(endless, 'request');
    const end = new AbortController();
    const { port } = endless.address() as AddressInfo;
    const fetching = fetchAll([{ value: `http://127.0.0.1:${port}/endless` }], sandbox, end.signal);
    await asked;
    end.abort(new Error('the agent ends'));
    await expect(fetching).rejects.toThrow('Failed to fetch');
    endless.closeAllConnections();
    endless.close();
  });
});
