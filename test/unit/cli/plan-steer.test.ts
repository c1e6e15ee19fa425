import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from '../api/hello-world.ts';
import { typed } from './typed.ts';

let close: (() => Promise<unknown>) | undefined;
afterEach(() => close?.());

const STEP = 'world-0:[server]';

/** A server that gives one answer to everything, and remembers what it was asked. */
async function answering(status: number, body: string) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const payload = Buffer.concat(chunks).toString();
    const type = request.headers['content-type'];
    asked.push([request.method, request.url, ...(payload ? [type, payload] : [])].join(' '));
    response.writeHead(status).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  close = () => new Promise((closed) => server.close(closed));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function serving(): Promise<Served> {
  const records = [taskRecord('hello', 0, 'TASK_RUNNING'), taskRecord('world', 0, 'TASK_STAGING')];
  const phases = [{ name: 'world', pod: 'world', strategy: 'serial' }] as const;
  const service = helloWorld(records, { plans: [{ name: 'backup', strategy: 'serial', phases }] });
  const served = await serve(stateOf(service, FRAMEWORK));
  close = served.close;
  return served;
}

const MESSAGE = '{"message": "Received cmd: done"}';

test.each([
  ['plan start backup', '/v1/plans/backup/start application/json {}'],
  ['plan start backup -p A=1 -p B=x=y', '/v1/plans/backup/start application/json {"A":"1","B":"x=y"}'],
  ['plan start backup --params A=', '/v1/plans/backup/start application/json {"A":""}'],
  ['plan stop backup', '/v1/plans/backup/stop'],
  ['plan pause deploy', '/v1/plans/deploy/interrupt'],
  ['plan interrupt deploy a&b', '/v1/plans/deploy/interrupt?phase=a%26b'],
  ['plan resume deploy', '/v1/plans/deploy/continue'],
  ['plan continue deploy world', '/v1/plans/deploy/continue?phase=world'],
  ['plan force-restart deploy', '/v1/plans/deploy/restart'],
  ['plan restart deploy world', '/v1/plans/deploy/restart?phase=world'],
  [`plan restart deploy world ${STEP}`, '/v1/plans/deploy/restart?phase=world&step=world-0%3A%5Bserver%5D'],
  [`plan force-complete a/b world ${STEP}`, '/v1/plans/a%2Fb/forceComplete?phase=world&step=world-0%3A%5Bserver%5D'],
  [`plan force deploy world ${STEP}`, '/v1/plans/deploy/forceComplete?phase=world&step=world-0%3A%5Bserver%5D'],
  ['pod pause world-0', '/v1/pod/world-0/pause'],
  ['pod pause world-0 -t server', '/v1/pod/world-0/pause application/json ["server"]'],
  ['pod resume world-0 -t server --tasks x', '/v1/pod/world-0/resume application/json ["server","x"]'],
])('%s asks POST %s; --json prints the answer as it is', async (line, request) => {
  const { url, asked } = await answering(200, MESSAGE);
  expect(await typed([...line.split(' '), '--json', '--url', url])).toEqual({ code: 0, out: `${MESSAGE}\n`, err: '' });
  expect(asked.filter((line) => !line.startsWith('GET'))).toEqual([`POST ${request}`]);
});

test.each([
  ['pause deploy', '"deploy" plan has been paused.'],
  ['pause deploy world', '"deploy" plan: phase "world" has been paused.'],
  ['resume backup', '"backup" plan has been resumed.'],
  ['force-restart deploy --yes', '"deploy" plan has been restarted.'],
  ['force-restart deploy hello --yes', '"deploy" plan: phase "hello" has been restarted.'],
  [`force-restart deploy world ${STEP} --yes`, `"deploy" plan: step "${STEP}" in phase "world" has been restarted.`],
  [
    `force-complete deploy world ${STEP}`,
    `"deploy" plan: step "${STEP}" in phase "world" has been forced to complete.`,
  ],
  ['start backup -p A=1', '{\n  "message": "Received cmd: start backup with parameters: {A=1}"\n}'],
  ['stop backup', '{\n  "message": "Received cmd: stop"\n}'],
])('plan %s is confirmed in the words of the field', async (line, out) => {
  const { url } = await serving();
  expect(await typed(['plan', ...line.split(' '), '--url', url])).toMatchObject({ code: 0, out: `${out}\n` });
});

test.each([
  ['pause deploy', '"deploy" plan could not be paused.'],
  ['resume deploy world', '"deploy" plan: phase "world" could not be resumed.'],
  ['force-restart deploy --yes', '"deploy" plan could not be restarted.'],
  [`force deploy world ${STEP}`, `"deploy" plan: step "${STEP}" in phase "world" could not be forced to complete.`],
])('plan %s: an answer without a message is no confirmation', async (line, out) => {
  const { url } = await answering(200, '{}');
  expect(await typed(['plan', ...line.split(' '), '--url', url])).toMatchObject({ code: 0, out: `${out}\n` });
});

test.each([
  ['resume deploy', 'Cannot execute command. Command has already been issued or the plan has completed'],
  ['pause nope', 'Plan nope not found\n- What there is: deploy, recovery, backup'],
  ['pause deploy nope', 'Phase nope not found\n- What there is: hello, world'],
  ['pause deploy word', 'Phase word not found: did you mean world?\n- What there is: hello, world'],
  ['restart deploy world nope', 'Step nope not found\n- What there is: world-0:[server], world-1:[server]'],
])('plan %s is refused on stderr', async (line, err) => {
  const { url } = await serving();
  expect(await typed(['plan', ...line.split(' '), '--url', url])).toEqual({
    code: 1,
    out: '',
    err: `mainstay: error: ${err}\n`,
  });
});

test('a parameter with a name that no variable has is explained by the scheduler', async () => {
  const { url } = await serving();
  const { code, err } = await typed(['plan', 'start', 'backup', '-p', 'a-b=1', '--url', url]);
  expect(code).toBe(1);
  expect(err).toContain("Response: Couldn't parse parameters: a-b is not a valid environment variable name\n");
});

test.each([
  [['plan', 'start', 'backup', '-p', 'A'], 'write it as NAME=VALUE.'],
  [['plan', 'force-complete', 'deploy', 'world'], "missing required argument 'step'"],
])('%s is refused before anything is asked', async (argv, text) => {
  const { url, asked } = await answering(200, MESSAGE);
  const { code, err } = await typed([...argv, '--url', url]);
  expect([code, err, asked]).toEqual([1, expect.stringContaining(text), []]);
});

test('paused tasks are PAUSING at once', async () => {
  const { url } = await serving();
  const { out } = await typed(['pod', 'pause', 'hello-0', '--url', url]);
  expect(JSON.parse(out)).toEqual({ pod: 'hello-0', tasks: ['hello-0-server'] });
  expect((await typed(['pod', 'status', 'hello-0', '--url', url])).out).toBe('hello-0\n└─ hello-0-server (PAUSING)\n');
});

test('a pod verb during an uninstall says what is going on', async () => {
  const { close: end, url } = await serve(stateOf(helloWorld([], { uninstall: 'on' }), FRAMEWORK));
  close = end;
  const { code, err } = await typed(['pod', 'list', '--url', url]);
  expect([code, err]).toEqual([
    1,
    'mainstay: error: The service is being uninstalled: only /v1/plans, /v1/plan, /v1/health and /v1/metrics are served\n' +
      '- How far: mainstay plan show deploy\n',
  ]);
});
