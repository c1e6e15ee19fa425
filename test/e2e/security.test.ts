/** A scheduler that asks who is there: what its operator, its agents and those who mean it no good find. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { authority } from '../support/certificates.ts';
import { startCluster, taskProcess } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { logOf, logs, run } from '../support/service.ts';
import { type Workplace, workplace } from '../support/workplace.ts';

const TOKEN = 'alice-s3cret';

/** The machine of a test may do much else, and then a flood on top. */
const BUSY_MS = 60_000;

function tokensIn(place: Workplace): string {
  const file = join(place.directory, 'tokens');
  writeFileSync(file, `alice operate ${createHash('sha256').update(TOKEN).digest('hex')}\n`);
  return file;
}

/** Where the sandbox has the file that was rendered from a template. */
const TEMPLATED = `
name: shop
pods:
  web:
    count: 1
    tasks:
      node:
        goal: RUNNING
        cmd: ./bootstrap -resolve=false && cat shop.conf && sleep 1000
        cpus: 0.1
        memory: 32
        env: { GREETING: hello, DB_PASSWORD: correct-horse-battery }
        configs: { shop: { template: shop.conf.mustache, dest: shop.conf } }
`;

function templated(place: Workplace): string {
  const folder = join(place.directory, 'shop');
  mkdirSync(folder);
  writeFileSync(join(folder, 'svc.yml'), TEMPLATED);
  writeFileSync(join(folder, 'shop.conf.mustache'), 'greeting={{GREETING}}\n');
  return folder;
}

/** Clients with a token that say little, slowly, or do not listen, more than there is room for; who is put out comes again. */
function badCompany(port: number): void {
  const head = `Host: a\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  const habits = [
    ...Array<string>(1100).fill(`GET /v1/plans HTTP/1.1\r\n${head}X-Slow: `),
    ...Array<string>(100).fill(`POST /v1/pod/a-0/restart HTTP/1.1\r\n${head}Content-Length: 60000\r\n\r\n`),
    ...Array<string>(100).fill(`GET / HTTP/1.1\r\n${head}\r\n`.repeat(10)),
  ];
  const arrive = (habit: string): Socket => {
    const guest = connect(port, '127.0.0.1').on('error', () => {});
    guest.pause().write(habit);
    return guest;
  };
  const guests = habits.map(arrive);
  const staying = setInterval(() => {
    for (const [at, guest] of guests.entries()) {
      if (guest.destroyed) guests[at] = arrive(habits[at]!);
      else guest.write('x');
    }
  }, 2000);
  onTestFinished(() => {
    clearInterval(staying);
    for (const guest of guests) guest.destroy();
  });
}

test('a service is deployed and steered with a token, whoever else holds on to the port', async () => {
  const place = workplace();
  const [{ url: master }, port] = [await startCluster(place), await freePort()];
  const scheduler = run(place, { master, port, env: { API_TOKENS_FILE: tokensIn(place) } });
  await logs(scheduler, 'scheduler started');
  badCompany(port);
  const mainstay = (args: readonly string[], env: Record<string, string>) =>
    place.mainstay([...args, '--url', `http://127.0.0.1:${port}`], env).ended;

  const headers = { authorization: `Bearer ${TOKEN}` };
  const plan = () =>
    fetch(`http://127.0.0.1:${port}/v1/plans/deploy`, { headers, signal: AbortSignal.timeout(30_000) });
  await eventually(async () => expect((await plan()).status).toBe(200), BUSY_MS);
  const refused = await mainstay(['pod', 'restart', 'data-0'], {});
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('token')]);
  const restarted = await mainstay(['pod', 'restart', 'data-0'], { MAINSTAY_TOKEN: TOKEN });
  expect(restarted.code, restarted.stderr).toBe(0);
  const commands = () =>
    logOf(scheduler).filter(({ msg, path }) => msg === 'operator command' && path === '/v1/pod/data-0/restart');
  await eventually(() =>
    expect(commands()).toMatchObject([
      { level: 'warn', who: 'unknown', status: 401 },
      { level: 'info', who: 'alice', by: 'token', method: 'POST', status: 200 },
    ]),
  );
});

test('over TLS with certificates of clients, agents without one fetch their templates', async () => {
  const place = workplace();
  const [trusted, port] = [authority(), await freePort()];
  const server = trusted.server('IP:127.0.0.1');
  const files = { API_TLS_CERT_FILE: 'cert.pem', API_TLS_KEY_FILE: 'key.pem', API_TLS_CLIENT_CA_FILE: trusted.file };
  writeFileSync(join(place.directory, files.API_TLS_CERT_FILE), server.cert);
  writeFileSync(join(place.directory, files.API_TLS_KEY_FILE), server.key);
  // What the trust store of the machine is to Mesos' fetcher.
  const { url: master, workDir } = await startCluster(place, 0, { NODE_EXTRA_CA_CERTS: trusted.file });
  const options = { master, port, definition: templated(place), env: { ...files, LIBPROCESS_IP: '127.0.0.1' } };
  const scheduler = run(place, options, ['--host', '127.0.0.1']);
  await logs(scheduler, 'scheduler started');

  const alice = { ca: trusted.ca, ...trusted.client('alice') };
  await eventually(async () => expect(await secureGet(port, '/v1/plans/deploy', alice)).toMatchObject({ status: 200 }));
  expect(await secureGet(port, '/v1/plans/deploy', { ca: trusted.ca })).toMatchObject({ status: 401 });
  const { body } = await secureGet(port, '/v1/pod/web-0/info', alice);
  expect(body).toContain(`https://127.0.0.1:${port}/v1/artifacts/template/`);
  expect(body).toContain('"value" : "********"');
  expect(body + scheduler.stderr()).not.toContain('correct-horse-battery');
  const sandbox = taskProcess(workDir, 'web-0-node').env['MESOS_SANDBOX']!;
  await eventually(() => expect(readFileSync(join(sandbox, 'shop.conf'), 'utf8')).toBe('greeting=hello\n'));
});

test('what cannot be used ends the start with the way out', async () => {
  const place = workplace();
  writeFileSync(join(place.directory, 'tokens'), 'alice-s3cret\n');
  const start = (env: Record<string, string>) => run(place, { master: 'http://127.0.0.1:1', port: 8080, env }).ended;
  const tokens = await start({ API_TOKENS_FILE: 'tokens' });
  expect([tokens.code, tokens.stderr]).toEqual([
    1,
    expect.stringContaining('line 1 has one word: write: <name> read|operate'),
  ]);
  expect(tokens.stderr).not.toContain('alice-s3cret');
  const tls = await start({ API_TLS_CERT_FILE: 'cert.pem' });
  expect([tls.code, tls.stderr]).toEqual([1, expect.stringContaining('API_TLS_KEY_FILE is missing')]);
});

interface Credentials {
  readonly ca: string;
  readonly key?: string;
  readonly cert?: string;
}

function secureGet(port: number, path: string, credentials: Credentials): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false, ...credentials }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        body += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end();
  });
}
