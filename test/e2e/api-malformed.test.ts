/** Requests that nobody should send, while the service deploys: it deploys, and nothing that they ask for is done. */
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { dev } from '../support/dev.ts';
import { workplace } from '../support/workplace.ts';

const REQUESTS = 10_000;
/** Connections at a time. */
const AT_ONCE = 50;

const REPLACE = 'POST /v1/pod/data-0/replace HTTP/1.1\r\nHost: a\r\n';

/** Each breaks a rule of HTTP, or stops in the middle. None is a request to replace the pod. */
const BROKEN: readonly ((number: number) => string | Buffer)[] = [
  (number) => Buffer.from(Array.from({ length: 200 }, (_, at) => (at * 7919 + number) % 256)),
  (number) => `GET /${'x'.repeat(20_000 + number)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  (number) => `GET /v1/plans HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000 + number)}\r\n\r\n`,
  () => `GET /v1/plans HTTP/1.1\r\n${'X: y\r\n'.repeat(3000)}\r\n`,
  () => `${REPLACE}Content-Length: -1\r\n\r\n`,
  () => `${REPLACE}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
  () => `${REPLACE}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc`,
  () => `${REPLACE}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`,
  () => `${REPLACE}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello`,
  () => `${REPLACE}Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX`,
  () => `${REPLACE}Content-Length: 1000\r\n\r\nonly the beginning`,
  () => `${REPLACE}Content-Length: 99999999\r\n\r\n${'x'.repeat(70_000)}`,
  () => `${REPLACE}Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello`,
  () => `${REPLACE}Expect: the moon\r\nContent-Length: 0\r\n\r\n`,
  // What Node.js forgives: a request without a version, one blank too many, an upgrade that nobody offers.
  () => 'GET /v1/plans\r\n\r\n',
  () => 'GET  /v1/plans HTTP/1.1\r\nHost: a\r\n\r\n',
  () => 'GET /v1/plans HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
  () => 'POST /v1/pod/data-0/replace HTTP/9.9\r\nHost: a\r\n\r\n',
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  () => 'CONNECT data-0:80 HTTP/1.1\r\nHost: a\r\n\r\n',
  (number) =>
    `GET /v1/plans/%${number.toString(16).padStart(2, '0')}%ff%c0%80 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  (number) =>
    `GET /v1/../../etc/passwd?${'a[]=&'.repeat(number % 100)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  () =>
    'PUT /v1/state/files/%2e%2e%2f HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=\r\nContent-Length: 2\r\nConnection: close\r\n\r\n--',
  () => 'BREW /v1/plans/deploy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
];

test('malformed requests do not keep a service from being deployed', async () => {
  const { port, program } = await dev(workplace());
  const waited = fetch(`http://127.0.0.1:${port}/v1/plans/deploy?wait=300`);
  const statuses = new Map<number, number>();
  let next = 0;
  async function sender(): Promise<void> {
    for (let number = next++; number < REQUESTS; number = next++) {
      const said = await answerTo(port, BROKEN[number % BROKEN.length]!(number));
      expect(said).not.toMatch(/\n {4}at |node:internal|node_modules|root:/);
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  const plan = await waited;
  expect([plan.status, JSON.parse(await plan.text()).status]).toEqual([200, 'COMPLETE']);
  expect([...statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([]);
  expect(program.stdout() + program.stderr()).not.toMatch(/pod-replace|api request failed/);
}, 600_000);

/** What comes back for some bytes. Who sent only a part hangs up once it is sent; all others wait until the server has done so. */
function answerTo(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      said += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
    socket.end(bytes);
  });
}
