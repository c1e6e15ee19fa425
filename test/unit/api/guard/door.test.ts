import { METHODS } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guarded, TOKENS, tokensFile } from './guarded.ts';

const RESTART = '/v1/pod/hello-0/restart';
const TEMPLATE = '/v1/artifacts/template/c0ffee00-0000-4000-8000-000000000001/hello/server/none';

const CREDENTIALS: Readonly<Record<string, Record<string, string>>> = {
  nobody: {},
  'a stranger with a token': { authorization: `Bearer ${TOKENS.alice}-` },
  'a stranger with a password': { authorization: `Basic ${Buffer.from(`alice:${TOKENS.alice}`).toString('base64')}` },
  'a stranger with nothing to say': { authorization: 'Bearer ' },
  'a reader': { authorization: `Bearer ${TOKENS.grafana}` },
  'an operator': { authorization: `bearer ${TOKENS.alice}` },
  'an operator as on DC/OS': { authorization: `token=${TOKENS.alice}` },
  'an operator through a proxy': { authorization: 'token=of.another.house', 'mainstay-token': TOKENS.alice },
  'an operator in any browser': { authorization: `Bearer ${TOKENS.alice}`, origin: 'https://dcos.example.com' },
};

test.each([
  ['nobody', 'GET', '/v1/plans', 401],
  ['nobody', 'GET', '/v1/plan', 401],
  ['nobody', 'GET', '/v1/events', 401],
  ['nobody', 'GET', '/v1/metrics', 401],
  ['nobody', 'GET', '/v2/debug/offers', 401],
  ['nobody', 'GET', '/v1/nowhere', 401],
  ['nobody', 'GET', '//v1/plans', 401],
  ['nobody', 'OPTIONS', '/v1/plans', 401],
  ['nobody', 'POST', RESTART, 401],
  ['nobody', 'POST', '/v1/health', 401],
  ['nobody', 'PUT', '/v1/artifacts/bootstrap', 401],
  ['nobody', 'GET', '/v1/health', 204],
  ['nobody', 'HEAD', '/v1/health', 204],
  ['nobody', 'GET', '/v1/artifacts/bootstrap', 200],
  ['nobody', 'GET', TEMPLATE, 404],
  ['nobody', 'GET', '/', 200],
  ['a stranger with a token', 'GET', '/v1/plans', 401],
  ['a stranger with a token', 'GET', '/v1/health', 204],
  ['a stranger with a token', 'POST', RESTART, 401],
  ['a stranger with a password', 'POST', RESTART, 401],
  ['a stranger with nothing to say', 'POST', RESTART, 401],
  ['nobody', 'POST', `${RESTART}?access_token=${TOKENS.alice}`, 401],
  ['a reader', 'GET', '/v1/plans', 200],
  ['a reader', 'HEAD', '/v1/plans', 200],
  ['a reader', 'POST', RESTART, 403],
  ['a reader', 'PUT', '/v1/state/files/a', 403],
  ['a reader', 'DELETE', '/v1/plans', 403],
  // What is scraped is read, with whatever method.
  ['a reader', 'POST', '/v1/metrics/prometheus', 200],
  ['nobody', 'POST', '/v1/metrics/prometheus', 401],
  ['an operator', 'GET', '/v1/plans', 200],
  ['an operator', 'POST', RESTART, 200],
  ['an operator as on DC/OS', 'POST', RESTART, 200],
  ['an operator through a proxy', 'POST', RESTART, 200],
  ['an operator in any browser', 'POST', RESTART, 200],
])('%s: %s %s is answered with %i', async (who, method, path, status) => {
  const { ask } = await guarded({ tokensFile: tokensFile() });
  expect((await ask(method, path, CREDENTIALS[who])).status).toBe(status);
});

test('who is refused is told what to do', async () => {
  const { ask } = await guarded({ tokensFile: tokensFile() });
  const answers = [
    await ask('GET', '/v1/plans'),
    await ask('GET', '/v1/plans', CREDENTIALS['a stranger with a token']),
    await ask('POST', RESTART, CREDENTIALS['a reader']),
  ];
  expect(answers.map(({ headers }) => headers['www-authenticate'])).toEqual([
    'Bearer',
    'Bearer error="invalid_token"',
    'Bearer error="insufficient_scope"',
  ]);
  expect(answers.map(({ body }) => body.split('\n')[0])).toEqual([
    '/v1/plans is not for everybody: it needs a token.',
    'Nobody has this token.',
    'grafana may read, and POST changes things: use a token with the role operate',
  ]);
  expect(answers[0]?.body).toContain('Send one as Authorization: Bearer <token>');
});

test('without a file of tokens everybody may do everything, as upstream has it', async () => {
  const { ask } = await guarded({});
  expect((await ask('GET', '/v1/plans')).status).toBe(200);
  expect((await ask('POST', RESTART)).status).toBe(200);
});

test('a browser that was lured changes nothing, and is told so', async () => {
  const { ask, stored } = await guarded({ hosts: ['dcos.example.com'] });
  const refused = await ask('POST', RESTART, { host: 'dcos.example.com', origin: 'https://evil.example' });
  expect(refused).toMatchObject({
    status: 403,
    body: "Not done, for it was sent by a page of evil.example. Names of the page's own belong into API_HOSTS.",
  });
  expect(stored).toEqual([]);
  expect((await ask('POST', RESTART, { host: 'dcos.example.com', origin: 'https://dcos.example.com' })).status).toBe(
    200,
  );
});

test('no other site may read an answer, and no browser takes a text for a page', async () => {
  const { ask } = await guarded({});
  for (const method of ['GET', 'OPTIONS']) {
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const { headers } = await ask(method, '/v1/plans', asked);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

/** One letter of a path, now and then in another form that means the same to some, or something else between the letters. */
const disguised = (path: string): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.nat(path.length - 1), fc.constantFrom('encode', 'double', 'upper', 'slash', 'dot', 'null')), {
      maxLength: 3,
    })
    .map((places) => {
      const letters = [...path];
      for (const [at, how] of places) {
        const letter = letters[at] ?? '';
        const hex = letter.charCodeAt(0).toString(16);
        letters[at] = {
          encode: `%${hex}`,
          double: `%25${hex}`,
          upper: letter.toUpperCase(),
          slash: `/${letter}`,
          dot: `/./${letter}`,
          null: `${letter}%00`,
        }[how];
      }
      return letters.join('');
    });

test('without a token nothing is ever done, in whatever way it is asked for', async () => {
  const { ask, stored } = await guarded({ tokensFile: tokensFile() });
  const path = fc.oneof(
    disguised(RESTART),
    disguised('/v1/artifacts/../pod/hello-0/restart'),
    disguised('/v1/health/../plans/deploy/interrupt'),
    fc.constantFrom(
      `http://127.0.0.1${RESTART}`,
      `http://x/v1/health/..${RESTART}`,
      `${RESTART}?x=/v1/health`,
      `/${RESTART}`,
    ),
  );
  const method = fc.constantFrom(...METHODS.filter((name) => name !== 'CONNECT'));
  const headers = fc.constantFrom(
    {},
    { 'x-http-method-override': 'POST' },
    { 'x-original-url': '/v1/health', 'x-forwarded-for': '127.0.0.1' },
    ...Object.entries(CREDENTIALS).flatMap(([who, shown]) => (who.startsWith('a stranger') ? [shown] : [])),
  );
  const isRefused = async (way: string, to: string, shown: Record<string, string>) => {
    const { status } = await ask(way, to, shown);
    const mayBeOpen = way === 'GET' || way === 'HEAD';
    expect(mayBeOpen ? [400, 401, 404] : [400, 401]).toContain(status);
    expect(stored).toEqual([]);
  };
  await fc.assert(fc.asyncProperty(method, path, headers, isRefused), { numRuns: 300 });
  await ask('POST', RESTART, CREDENTIALS['an operator']);
  expect(stored).not.toEqual([]);
});
