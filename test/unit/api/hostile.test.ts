/** Whatever stands in a path, a parameter or a body: no route fails on it, and none tells of the inside. */
import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Described, described } from './document.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  served = await serve(stateOf(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]), FRAMEWORK));
});
afterAll(async () => {
  agent.destroy();
  await served.close();
});

interface Question {
  readonly asked: Described;
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

/** Names that are, names that nothing has, and texts that are no names; percent-encoded, or as nobody should send them. */
const part = fc.oneof(
  fc.constantFrom('hello-0', 'deploy', 'hello-0-server', 'motd', '__proto__', 'constructor', '%', '%zz', '%00'),
  fc.constantFrom('%E0%A4%A', '..', '%2e%2e%2f', '%2F', '.', '%EF%BF%BD', 'c0ffee00-0000-4000-8000-000000000001'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => encodeURIComponent(text)),
  fc.stringMatching(/^[!-"$->@-~]{1,40}$/),
);

const parameter = fc.constantFrom(
  'phase',
  'step',
  'block',
  'plan',
  'replace',
  'verbose',
  'pretty',
  'name[]',
  'sync',
  '[a]',
);
const query = fc.array(fc.tuple(parameter, part), { maxLength: 3 });
/** Never one that is waited for. */
const wait = fc.option(fc.constantFrom('', '0', '0.001', '-1', '301', 'x', '1e999', '%00'), { nil: undefined });

const body = fc.oneof(
  fc.constantFrom('', '{}', '[]', 'null', '{"__proto__": "x"}', '["server"]', '{"A": 1}', '[[]]', '"', '{"A": "b"}'),
  fc.string({ maxLength: 200 }),
  fc.json(),
);
const bytes = fc.oneof(
  body.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);
const type = fc.constantFrom(
  'application/json',
  'text/plain',
  'multipart/form-data',
  'multipart/form-data; boundary=b',
  'a/b; charset="',
  ';',
);

const question: fc.Arbitrary<Question> = fc
  .record({
    asked: fc.constantFrom(...described.filter(({ path }) => path !== '/v1/events')),
    parts: fc.array(part, { minLength: 4, maxLength: 4 }),
    query,
    wait,
    type,
    body: bytes,
  })
  .map(({ asked, parts, query, wait, type, body }) => {
    let at = 0;
    const path = asked.path.replaceAll(/\{\w+\}/g, () => parts[at++] ?? 'x').replace(/[?#].*/, '');
    const said = [...query, ...(wait === undefined ? [] : [['wait', wait] as const])];
    return { asked, path: `${path}?${said.map(([key, value]) => `${key}=${value}`).join('&')}`, type, body };
  });

function answer({ asked, path, type, body }: Question): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const method = asked.method.toUpperCase();
    const headers = method === 'GET' ? {} : { 'content-type': type };
    const sent = request(served.url, { agent, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : body);
  });
}

/** A line of a stack, or a path of this machine. */
const INSIDE = /\n {4}at |node:internal|node_modules|\/runtime\//;

test('every question is answered with something that it can be answered with', async () => {
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const { status, text } = await answer(asked);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      if (status >= 400) expect(text).not.toMatch(INSIDE);
    }),
    { numRuns: 1000 },
  );
  expect(served.notes.filter(({ level }) => level === 'error')).toEqual([]);
});
