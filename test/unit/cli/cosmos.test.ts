import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { type Answer, answering } from './answering.ts';
import { typed } from './typed.ts';

afterEach(() => vi.unstubAllEnvs());

const media = (what: string) => `application/vnd.dcos.service.${what}+json;charset=utf-8;version=v1`;

const DESCRIPTION = {
  package: { name: 'data-store', version: '1.4.0' },
  upgradesTo: ['1.5.0', '2.0.0'],
  downgradesTo: [],
  resolvedOptions: { service: { name: 'data-store' }, data: { count: 3 } },
};

/** Runs a command line against a cluster whose package manager gives this answer. */
async function inCluster(line: readonly string[], answer: Answer) {
  const { url, asked } = await answering(() => answer);
  const done = await typed([...line, '--url', `${url}/service/data-store`]);
  return { ...done, url, asked };
}

function optionsFile(text: string): string {
  const file = join(temporaryDirectory(), 'options.json');
  writeFileSync(file, text);
  return file;
}

test('describe shows the options, defaults too', async () => {
  const { code, out, asked } = await inCluster(['describe'], { body: DESCRIPTION });
  expect([code, JSON.parse(out)]).toEqual([0, DESCRIPTION.resolvedOptions]);
  expect(asked).toMatchObject([
    {
      method: 'POST',
      path: '/cosmos/service/describe',
      headers: { accept: media('describe-response'), 'content-type': media('describe-request') },
      body: '{"appId":"data-store"}',
    },
  ]);
});

test('describe of a package without options says so', async () => {
  const { code, out } = await inCluster(['describe'], { body: { package: {} } });
  expect([code, out]).toEqual([
    0,
    'Package configuration is not available for service data-store.\n' +
      'This command is only available for packages installed with Enterprise DC/OS 1.10 or newer.\n',
  ]);
});

test.each([
  [DESCRIPTION, 'No valid package downgrade versions.\nPackage can be upgraded to:\n- 1.5.0\n- 2.0.0\n'],
  [
    { ...DESCRIPTION, upgradesTo: [], downgradesTo: ['1.3.0'] },
    'Package can be downgraded to:\n- 1.3.0\nNo valid package upgrade versions.\n',
  ],
])('update package-versions lists where the package can go', async (body, rest) => {
  const { out } = await inCluster(['update', 'package-versions'], { body });
  expect(out).toBe(`Current package version is: 1.4.0\n${rest}`);
});

test('update start sends what changes, and says how to follow it', async () => {
  const file = optionsFile('{"data": {"count": 5}}');
  const line = ['update', 'start', '--options', file, '--package-version', '2.0.0', '--yes'];
  const { code, out, err, url, asked } = await inCluster(line, { body: {} });
  expect([code, out]).toEqual([
    0,
    `Update started. Please use \`mainstay update status --url ${url}/service/data-store\` to view progress.\n`,
  ]);
  expect(err).toContain(
    '- its package changes to version 2.0.0\n- these options change: {"data":{"count":5}}\n- its scheduler starts again',
  );
  expect(asked).toMatchObject([
    { path: '/cosmos/service/update', headers: { 'content-type': media('update-request') } },
  ]);
  expect(JSON.parse(asked[0]!.body)).toEqual({
    appId: 'data-store',
    packageVersion: '2.0.0',
    options: { data: { count: 5 } },
    replace: false,
  });
});

test('update start --replace says that all other options are reset', async () => {
  const line = ['update', 'start', '--options', optionsFile('{}'), '--replace', '--yes'];
  const { err, asked } = await inCluster(line, { body: {} });
  expect(err).toContain('- ALL OTHER OPTIONS go back to their defaults\n');
  expect(JSON.parse(asked[0]!.body)).toEqual({ appId: 'data-store', options: {}, replace: true });
});

test('update start asks; without a terminal nothing is sent', async () => {
  const { code, asked } = await inCluster(['update', 'start', '--package-version', '2.0.0'], { body: {} });
  expect([code, asked]).toEqual([2, []]);
});

test.each([
  [[], 'Either --options and/or --package-version must be specified\n'],
  [['--options', '/nowhere.json'], 'Failed to read specified options file /nowhere.json: ENOENT'],
])('update start %s is refused before anything is asked', async (flags, text) => {
  const { code, err, asked } = await inCluster(['update', 'start', '--yes', ...flags], { body: {} });
  expect([code, err, asked]).toEqual([1, expect.stringContaining(`mainstay: error: ${text}`), []]);
});

test('options that are no JSON are shown with the mistake', async () => {
  const { code, err } = await inCluster(['update', 'start', '--yes', '--options', optionsFile('{count: 5}')], {});
  expect(code).toBe(1);
  expect(err).toMatch(
    /^mainstay: error: Failed to parse JSON in provided options: .*\nOriginal input:\n\{count: 5\}\n$/,
  );
});

test.each([
  [{ status: 404 }, 'This command requires Enterprise DC/OS 1.10 or newer.'],
  [{ status: 401 }, "Got 401 Unauthorized from DC/OS:\n- Bad auth token? Run 'dcos auth login' to log in"],
  [{ status: 503, body: 'busy' }, 'HTTP POST of service/update failed: 503 Service Unavailable\nResponse: busy'],
  [
    { status: 400, body: { type: 'MarathonAppNotFound', message: 'no app', data: {} } },
    "Unable to find the service named 'data-store'.\nPossible causes:\n",
  ],
  [
    {
      status: 400,
      body: { type: 'BadVersionUpdate', data: { updateVersion: '9', validVersions: ['1.5.0', '2.0.0'] } },
    },
    'Unable to update data-store to requested version: 9\nValid package versions are:\n- 1.5.0\n- 2.0.0\n',
  ],
  [
    { status: 400, body: { type: 'BadVersionUpdate', data: { validVersions: [] } } },
    'Unable to update data-store to requested version: 9\nNo valid package versions to update to.\n',
  ],
  [
    {
      status: 400,
      body: {
        type: 'JsonSchemaMismatch',
        data: { errors: [{ message: 'must be a number', instance: { pointer: '/data/count' } }] },
      },
    },
    'Unable to update data-store to requested configuration: options JSON failed validation.\n\n' +
      'Field        Error\n-----        -----\n/data/count  must be a number\n',
  ],
  [
    { status: 400, body: { type: 'AppIdChanged', data: { oldAppId: '/data-store', newAppId: '/other' } } },
    'Could not update service name from "/data-store" to "/other".\n',
  ],
  [{ status: 400, body: { type: 'Odd', message: 'no idea' } }, 'Could not execute command: no idea (Odd)\n'],
])('Cosmos answers %j', async (answer, text) => {
  const { code, out, err } = await inCluster(['update', 'start', '--package-version', '9', '--yes'], answer);
  expect([code, out, err.slice(err.indexOf('mainstay: error: '))]).toEqual([1, '', expect.stringContaining(text)]);
});

test('package.cosmos_url says where else Cosmos is', async () => {
  const { url, asked } = await answering(() => ({ body: DESCRIPTION }));
  vi.stubEnv('DCOS_PACKAGE_COSMOS_URL', url);
  await typed(['describe', '--url', 'http://127.0.0.1:1/service/data-store']);
  expect(asked[0]?.path).toBe('/service/describe');
});

test.each([['describe'], ['update', 'package-versions'], ['update', 'start', '--package-version', '2', '--yes']])(
  '%s %s without DC/OS says where the service is changed instead',
  async (...line) => {
    const { code, err } = await typed([...line, '--url', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    for (const hint of ['environment of the app', 'mainstay preview', 'mainstay update status'])
      expect(err).toContain(hint);
  },
);
