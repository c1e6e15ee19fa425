/** A file of the package becomes a file of the task: served by the scheduler, fetched by the agent, rendered by the helper. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster, taskPids, taskProcess } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { deployed, get, plan, planIs, run } from '../support/service.ts';
import { type Workplace, workplace } from '../support/workplace.ts';

const GREETING = `"it's" <b>50 % & more</b> \\n $HOME {{TASK_NAME}}`;

/** Two web servers that show a rendered page. A change waits for an operator before each of them. */
const SERVICE = `name: pages
pods:
  web:
    count: 2
    tasks:
      server:
        goal: RUNNING
        cmd: ./bootstrap && exec {{NODE}} server.js
        cpus: 0.1
        memory: 32
        env: { GREETING: '{{GREETING}}' }
        ports: { http: { port: 0, env-key: PORT_HTTP, advertise: true } }
        configs:
          page: { template: page.mustache, dest: www/en/index.html }
          program: { template: server.js, dest: server.js }
        readiness-check: { cmd: 'test -e ready', interval: 1, timeout: 5 }
plans:
  deploy:
    phases:
      web: { pod: web, strategy: parallel }
  update:
    phases:
      web: { pod: web, strategy: serial-canary }
`;

const SERVER = `const { readFileSync, writeFileSync } = require('node:fs');
require('node:http')
  .createServer((_, response) => response.end(readFileSync('www/en/index.html')))
  .listen({{PORT_HTTP}}, '127.0.0.1', () => writeFileSync('ready', ''));
`;

const PAGE = `<h1>{{TASK_NAME}} on {{MESOS_CONTAINER_IP}}</h1>
{{#GREETING}}
{{GREETING}}
{{{GREETING}}}
{{/GREETING}}
{{^GREETING}}nobody{{/GREETING}}{{! said to nobody }}
`;

function page(task: string, heading = 'h1'): string {
  const escaped = '&#34;it&#39;s&#34; &lt;b&gt;50 % &amp; more&lt;/b&gt; \\n $HOME {{TASK_NAME}}';
  return `<${heading}>${task} on 127.0.0.1</${heading}>\n${escaped}\n${GREETING}\n\n`;
}

/** What the task answers, asked as its clients ask it. */
async function shownBy(workDir: string, task: string): Promise<string> {
  const { env } = taskProcess(workDir, task);
  const response = await fetch(`http://127.0.0.1:${env['PORT_HTTP']}/`, { signal: AbortSignal.timeout(5000) });
  return response.text();
}

async function target(port: number): Promise<string> {
  const [id] = (await (await get(port, 'v1/configurations/targetId')).json()) as string[];
  return id!;
}

function definition(place: Workplace): { folder: string; write(name: string, text: string): void } {
  const folder = join(place.directory, 'pages');
  mkdirSync(folder);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('svc.yml', SERVICE);
  write('server.js', SERVER);
  write('page.mustache', PAGE);
  return { folder, write };
}

test('tasks serve what was rendered for them; a changed template reaches them one by one, and until then they find the old one', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const { folder, write } = definition(place);
  const env = { NODE: process.execPath, GREETING: GREETING.replaceAll("'", "''") };
  const start = { master: cluster.url, port, definition: folder, env };
  const advertise = ['--advertise', '127.0.0.1'];
  const tasks = ['web-0-server', 'web-1-server'];

  const first = run(place, start, advertise);
  await deployed(port, 30_000);
  for (const task of tasks) expect(await shownBy(cluster.workDir, task)).toBe(page(task));
  const old = await target(port);
  const before = taskPids(cluster.workDir);
  const template = (id: string) => get(port, `v1/artifacts/template/${id}/web/server/page`);
  expect(await (await template(old)).text()).toBe(PAGE);

  await first.kill();
  const changed = PAGE.replaceAll('h1', 'h2');
  write('page.mustache', changed);
  const second = run(place, start, advertise);
  await planIs(port, 'deploy', 'WAITING', 30_000);
  expect(taskPids(cluster.workDir), 'nothing is touched before the operator says so').toEqual(before);
  expect(await (await template(old)).text()).toBe(PAGE);
  expect(await (await template(await target(port))).text()).toBe(changed);

  // A task that dies meanwhile comes back as it was: its template is still there.
  process.kill(before['web-1-server']!, 'SIGKILL');
  await eventually(async () => {
    expect(taskPids(cluster.workDir)['web-1-server']).not.toBe(before['web-1-server']);
    expect(await shownBy(cluster.workDir, 'web-1-server')).toBe(page('web-1-server'));
  }, 30_000);
  await planIs(port, 'recovery', 'COMPLETE', 30_000);

  const resume = () => place.mainstay(['plan', 'resume', 'deploy', 'web', '--url', `http://127.0.0.1:${port}`]).ended;
  expect((await resume()).code).toBe(0);
  await eventually(
    async () => expect((await plan(port, 'deploy')).phases[0]?.steps[0]?.status).toBe('COMPLETE'),
    30_000,
  );
  expect(await shownBy(cluster.workDir, 'web-0-server')).toBe(page('web-0-server', 'h2'));
  expect(await shownBy(cluster.workDir, 'web-1-server')).toBe(page('web-1-server'));
  expect((await resume()).code).toBe(0);
  await deployed(port, 30_000);
  for (const task of tasks) expect(await shownBy(cluster.workDir, task)).toBe(page(task, 'h2'));

  // Once nothing runs on the old configuration, the next start forgets it.
  await second.kill();
  run(place, start, advertise);
  await deployed(port, 30_000);
  expect((await template(old)).status).toBe(404);
}, 120_000);

test('a template that is wrong keeps the task from starting, and its log says why', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const { folder, write } = definition(place);
  write('page.mustache', 'fine\n{{#GREETING}}\nnever closed\n');
  const env = { NODE: process.execPath, GREETING: 'x', ENABLE_BACKOFF: 'true' };
  run(place, { master: cluster.url, port, definition: folder, env }, ['--advertise', '127.0.0.1']);
  await planIs(port, 'deploy', 'DELAYED', 30_000);
  const { stdout } = await place.mainstay(['pod', 'status', 'web-0', '--url', `http://127.0.0.1:${port}`]).ended;
  expect(stdout).toContain('FAILED');
  const logs = readdirSync(cluster.workDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/stderr'))
    .map((path) => readFileSync(join(cluster.workDir, path), 'utf8'));
  expect(logs.join('')).toContain('bootstrap: line 2: section GREETING is not closed');
}, 60_000);

test('a bootstrap that the package brings in an archive is the one that runs', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const { folder, write } = definition(place);
  write('bootstrap', '#!/bin/sh\necho of the package >www.html\ncp config-templates/program server.js\n');
  chmodSync(join(folder, 'bootstrap'), 0o755);
  const archive = join(folder, 'bootstrap.tar.gz');
  expect(spawnSync('tar', ['-C', folder, '-czf', archive, 'bootstrap']).status).toBe(0);
  write('server.js', "require('node:fs').renameSync('www.html', 'ready'); setInterval(() => {}, 1000);");
  write('svc.yml', SERVICE.replace('    tasks:', `    uris: [ '${archive}' ]\n    tasks:`));
  const env = { NODE: process.execPath, GREETING: 'x' };
  run(place, { master: cluster.url, port, definition: folder, env }, ['--advertise', '127.0.0.1']);
  await deployed(port, 30_000);
  const sandbox = taskProcess(cluster.workDir, 'web-0-server').env['MESOS_SANDBOX']!;
  expect(readFileSync(join(sandbox, 'ready'), 'utf8')).toBe('of the package\n');
}, 60_000);
