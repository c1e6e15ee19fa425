/** What nobody should do and somebody will. The service stays what it is. */
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster, taskPids, taskProcess } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { cpuMs, processes, residentMb, taskProcesses } from '../support/processes.ts';
import { deployed, get, logOf, run } from '../support/service.ts';
import { workplace } from '../support/workplace.ts';

test('a reaper that is killed is replaced, no task notices, and the new one does its duty', async () => {
  const place = workplace();
  const { program, workDir, port } = await deployedService(place);
  const before = taskPids(workDir);
  const killed = reaperOf(program.pid);
  process.kill(killed!, 'SIGKILL');
  const replaced = await eventually(() => {
    const reaper = reaperOf(program.pid);
    expect(reaper).toBeDefined();
    expect(reaper).not.toBe(killed);
    return reaper!;
  });
  expect(taskPids(workDir)).toEqual(before);
  await deployed(port);

  process.kill(before['data-1-node']!, 'SIGKILL');
  await eventually(() => expect(taskProcess(workDir, 'data-1-node').pid).not.toBe(before['data-1-node']));
  await program.kill();
  await eventually(() => expect(taskProcesses(workDir)).toEqual([]), 5000);
  await eventually(() => expect(processes().map(({ pid }) => pid)).not.toContain(replaced));
});

test('reaper and cluster killed together: the next cluster ends what they left before it starts anything', async () => {
  const place = workplace();
  const { program, workDir, masterPort } = await deployedService(place);
  const before = taskPids(workDir);
  // Stopped first, so that it has no time to replace its reaper.
  program.signal('SIGSTOP');
  process.kill(reaperOf(program.pid)!, 'SIGKILL');
  await program.kill();
  expect(taskPids(workDir)).toEqual(before);
  await startCluster(place, masterPort);
  const orphans = new Set(Object.values(before));
  expect(processes().filter(({ pid }) => orphans.has(pid))).toEqual([]);
  await eventually(() => expect(Object.keys(taskPids(workDir))).toEqual(Object.keys(before)));
});

test('garbage on the ports of the scheduler and the master is answered or dropped, and changes nothing', async () => {
  const place = workplace();
  const { workDir, port, masterPort, scheduler, program } = await deployedService(place);
  const before = taskPids(workDir);
  for (const to of [port, masterPort]) {
    await said(to, Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256)));
    await said(to, `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await said(to, 'POST /v1/pod/data-0/replace HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n');
    await said(to, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  }
  const paths = [
    'v1/plans/%ff',
    'v1/plans/..%2f..',
    'v1/pod/__proto__/info',
    'v1/pod/%00/status',
    'v1/endpoints/constructor',
  ];
  for (const path of paths) {
    const { status } = await get(port, path);
    expect([400, 404], path).toContain(status);
  }
  const calls = [
    '{"type":"SUBSCRIBE"',
    '{"type":"KILL","kill":{"task_id":{"value":"data-0-node"}}}',
    '\0\x01\x02',
    '[]',
  ];
  for (const body of calls) {
    for (const type of ['application/json', 'application/x-protobuf']) {
      const options = { method: 'POST', body, headers: { 'Content-Type': type } };
      const { status } = await fetch(`http://127.0.0.1:${masterPort}/api/v1/scheduler`, options);
      expect(status, `${type} ${body}`).toBeGreaterThanOrEqual(400);
      expect(status, `${type} ${body}`).toBeLessThan(500);
    }
  }
  await deployed(port);
  expect(taskPids(workDir)).toEqual(before);
  const alive = processes().map(({ pid }) => pid);
  expect(alive).toContain(scheduler.pid);
  expect(alive).toContain(program.pid);
});

test('a task that ends at once is started again and again, at a pace that the machine does not feel', async () => {
  const place = workplace();
  const definition = join(place.directory, 'svc.yml');
  const node = 'goal: RUNNING, cmd: exit 1, cpus: 0.1, memory: 32';
  writeFileSync(definition, `{ name: crash, pods: { bad: { count: 1, tasks: { node: { ${node} } } } } }`);
  const cluster = await startCluster(place);
  const scheduler = run(place, { master: cluster.url, port: await freePort(), definition });
  const launched = (times: number) =>
    eventually(() => {
      const launches = logOf(scheduler).filter(({ msg }) => msg === 'launch').length;
      expect(launches).toBeGreaterThanOrEqual(times);
    });

  await launched(2);
  const [cpu, memory, startedAt] = [cpuOf(), memoryOf(), Date.now()];
  await launched(6);
  const seconds = (Date.now() - startedAt) / 1000;
  const share = (cpuOf() - cpu) / (seconds * 1000);
  const growth = memoryOf() - memory;
  console.log(
    `crash loop: ${(4 / seconds).toFixed(1)} launches a second, ${(share * 100).toFixed(0)} % of a processor, ` +
      `${growth.toFixed(1)} MB more after 4 launches`,
  );
  expect(share).toBeLessThan(0.5);
  expect(growth).toBeLessThan(50);

  function cpuOf(): number {
    return cpuMs(scheduler.pid) + cpuMs(cluster.program.pid);
  }
  function memoryOf(): number {
    return residentMb(scheduler.pid) + residentMb(cluster.program.pid);
  }
});

async function deployedService(place: ReturnType<typeof workplace>) {
  const { program, url, workDir, port: masterPort } = await startCluster(place);
  const port = await freePort();
  const scheduler = run(place, { master: url, port });
  await deployed(port);
  return { program, workDir, masterPort, port, scheduler };
}

/** The process that ends what the cluster ran, should the cluster itself be gone. */
function reaperOf(cluster: number): number | undefined {
  return processes().find(({ parent, command }) => parent === cluster && command.at(-1) === 'mainstay-reaper')?.pid;
}

/** Sends bytes to a port and waits until the other side has closed. */
function said(port: number, bytes: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket
      .on('error', () => {})
      .on('close', () => resolve())
      .resume();
    socket.end(bytes);
  });
}
