import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { authority } from '../../support/certificates.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { answering } from './answering.ts';
import { typed } from './typed.ts';

afterEach(() => vi.unstubAllEnvs());

const plans = () => ({ body: '["deploy"]' });

/** A `dcos` that is attached to a cluster and logged in. */
function attached(url: string, token: string, sslVerify = 'true'): void {
  const directory = temporaryDirectory();
  const file = join(directory, 'dcos');
  const answers = { 'core.dcos_url': url, 'core.dcos_acs_token': token, 'core.ssl_verify': sslVerify };
  const cases = Object.entries(answers).map(([key, value]) => `  'config show ${key}') echo '${value}' ;;\n`);
  writeFileSync(file, `#!/bin/sh\ncase "$*" in\n${cases.join('')}  *) exit 1 ;;\nesac\n`);
  chmodSync(file, 0o755);
  vi.stubEnv('PATH', `${directory}:/usr/bin:/bin`);
}

test.each([
  ['MAINSTAY_TOKEN', 'secret'],
  ['MAINSTAY_TOKEN_FILE', 'file'],
  ['--token-file', 'file'],
])('a token from %s is sent as a bearer token', async (how, what) => {
  const { url, asked } = await answering(plans);
  const file = join(temporaryDirectory(), 'token');
  writeFileSync(file, 'secret\n');
  if (how.startsWith('MAINSTAY')) vi.stubEnv(how, what === 'file' ? file : 'secret');
  const flags = how === '--token-file' ? [how, file] : [];
  expect((await typed(['plan', 'list', ...flags, '--url', url])).code).toBe(0);
  expect(asked[0]?.headers.authorization).toBe('Bearer secret');
});

test.each([
  ['two lines', 'first\nsecond'],
  ['a key in binary', '\u0000\u00ff\u0101'],
  ['nothing', '\n'],
])('a file with %s is no token, and what is in it is not shown', async (_, text) => {
  const file = join(temporaryDirectory(), 'token');
  writeFileSync(file, text);
  const { code, err } = await typed(['plan', 'list', '--token-file', file]);
  expect(code).toBe(1);
  expect(err).toContain(`${file} does not hold one token`);
  expect(err).not.toContain('second');
});

test('without a token nobody says who asks', async () => {
  const { url, asked } = await answering(plans);
  await typed(['plan', 'list', '--url', url]);
  expect(asked[0]?.headers.authorization).toBeUndefined();
});

test('through DC/OS a token has the form that DC/OS knows', async () => {
  const { url, asked } = await answering(plans);
  vi.stubEnv('MAINSTAY_TOKEN', 'secret');
  await typed(['plan', 'list', '--url', `${url}/service/team/data-store/`]);
  expect(asked[0]).toMatchObject({
    path: '/service/team/data-store/v1/plans',
    headers: { authorization: 'token=secret' },
  });
});

test('--name asks the cluster that dcos is attached to, with the token of dcos', async () => {
  const { url, asked } = await answering(plans);
  attached(`${url}/#/`, 'from-dcos');
  expect((await typed(['plan', 'list', '--name', '/team/data-store'])).code).toBe(0);
  expect(asked[0]).toMatchObject({
    path: '/service/team/data-store/v1/plans',
    headers: { authorization: 'token=from-dcos' },
  });
});

test('the environment names the cluster before dcos does', async () => {
  const { url, asked } = await answering(plans);
  attached('http://127.0.0.1:1', 'from-dcos');
  vi.stubEnv('DCOS_URL', url);
  vi.stubEnv('DCOS_ACS_TOKEN', 'from-environment');
  await typed(['plan', 'list', '--name', 'data-store']);
  expect(asked[0]?.headers.authorization).toBe('token=from-environment');
});

test('the token of dcos goes to the cluster of dcos alone', async () => {
  const [own, other] = [await answering(plans), await answering(plans)];
  attached(own.url, 'from-dcos');
  await typed(['plan', 'list', '--url', `${own.url}/service/data-store`]);
  await typed(['plan', 'list', '--url', `${other.url}/service/data-store`]);
  await typed(['plan', 'list', '--url', own.url]);
  const said = [...own.asked, ...other.asked].map(({ path, headers }) => [path, headers.authorization]);
  expect(said).toEqual([
    ['/service/data-store/v1/plans', 'token=from-dcos'],
    ['/v1/plans', undefined],
    ['/service/data-store/v1/plans', undefined],
  ]);
});

test('where the scheduler is may stand before the verb, as in DC/OS; behind it wins', async () => {
  const [first, second] = [await answering(plans), await answering(plans)];
  await typed(['--url', first.url, 'plan', 'list']);
  await typed(['--url', first.url, 'plan', 'list', '--url', second.url]);
  await typed(['--url', first.url, 'config', 'target']);
  await typed(['--url', `${first.url}/service/data-store`, 'describe']);
  const paths = [first, second].map(({ asked }) => asked.map(({ path }) => path));
  expect(paths).toEqual([['/v1/plans', '/v1/configurations/target', '/cosmos/service/describe'], ['/v1/plans']]);
});

test('--name without a cluster says how to get to one', async () => {
  vi.stubEnv('PATH', '/nowhere');
  const { code, err } = await typed(['plan', 'list', '--name', 'data-store']);
  expect([code, err]).toEqual([1, expect.stringContaining('dcos cluster setup <url>')]);
});

test('a token file that is not there is told', async () => {
  const { code, err } = await typed(['plan', 'list', '--token-file', '/nowhere/token']);
  expect([code, err]).toEqual([1, expect.stringMatching(/^mainstay: error: \/nowhere\/token cannot be read: ENOENT/)]);
});

test.each([
  [
    401,
    '',
    'http://h',
    /^mainstay: error: Got 401 Unauthorized from .*:\n- The scheduler wants a token: give one with --token-file/,
  ],
  [401, 'secret', 'http://h', /\n- It does not know this token: /],
  [401, 'secret', 'http://h/service/s', /\n- Bad auth token\? Run 'dcos auth login' to log in\n$/],
  [
    404,
    '',
    'http://h/service/s',
    /:\n- The scheduler of 's' may not know the item\.\n- The cluster may have no service of that name/,
  ],
  [502, '', 'http://h/service/s', /^mainstay: error: Could not reach the service scheduler with name 's':\n/],
  [500, '', 'http://h/service/s', /^mainstay: error: Could not reach the service scheduler with name 's':\n/],
])('%i with token "%s" at %s is explained', async (status, token, place, err) => {
  const { url } = await answering(() => ({ status }));
  vi.stubEnv('MAINSTAY_TOKEN', token);
  const done = await typed(['plan', 'list', '--url', place.replace('http://h', url)]);
  expect(done).toMatchObject({ code: 1, out: '', err: expect.stringMatching(err) });
});

test('https is trusted with --ca or MAINSTAY_CA_FILE, and refused with the remedy otherwise', async () => {
  const ca = authority();
  const { url } = await answering(plans, createServer(ca.server('IP:127.0.0.1')));
  const address = url.replace('http:', 'https:');
  const ask = (...flags: string[]) => typed(['plan', 'list', '--url', address, ...flags]);
  expect(await ask()).toMatchObject({ code: 1, err: expect.stringMatching(/is not trusted: .*\n- .*--ca <file>/) });
  expect((await ask('--ca', ca.file)).code).toBe(0);
  vi.stubEnv('MAINSTAY_CA_FILE', ca.file);
  expect((await ask()).code).toBe(0);
});

test('core.ssl_verify of dcos is heeded for its cluster', async () => {
  const ca = authority();
  const { url } = await answering(plans, createServer(ca.server('IP:127.0.0.1')));
  const address = url.replace('http:', 'https:');
  attached(address, 'token', 'false');
  expect((await typed(['plan', 'list', '--name', 'data-store'])).code).toBe(0);
  attached(address, 'token', ca.file);
  expect((await typed(['plan', 'list', '--name', 'data-store'])).code).toBe(0);
  attached(address, 'token', 'true');
  expect((await typed(['plan', 'list', '--name', 'data-store'])).code).toBe(1);
});

test('HTTP_PROXY is asked for plain HTTP, and NO_PROXY is heeded', async () => {
  const { url, asked } = await answering(plans);
  const proxy = await answering(() => ({ body: '["by proxy"]' }));
  vi.stubEnv('HTTP_PROXY', proxy.url);
  const ask = () => typed(['plan', 'list', '--json', '--url', url]);
  expect((await ask()).out).toBe('["by proxy"]\n');
  expect([proxy.asked.map(({ path }) => path), asked]).toEqual([[`${url}/v1/plans`], []]);
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  expect((await ask()).out).toBe('["deploy"]\n');
});

test('HTTPS_PROXY is asked for a tunnel', async () => {
  const ca = authority();
  const { url } = await answering(plans, createServer(ca.server('IP:127.0.0.1')));
  const tunnels: string[] = [];
  const { createServer: createProxy } = await import('node:http');
  const proxy = createProxy();
  proxy.on('connect', (request, socket, head) => {
    tunnels.push(request.url ?? '');
    const [host = '', port] = (request.url ?? '').split(':');
    const far = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      far.write(head);
      socket.pipe(far).pipe(socket);
    });
    socket.on('error', () => far.destroy());
  });
  const { url: proxyUrl } = await answering(() => ({}), proxy);
  vi.stubEnv('HTTPS_PROXY', proxyUrl);
  const address = url.replace('http:', 'https:');
  expect((await typed(['plan', 'list', '--url', address, '--ca', ca.file])).code).toBe(0);
  expect(tunnels).toEqual([address.replace('https://', '')]);
});
