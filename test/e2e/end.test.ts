/** How it ends: politely when asked to, and in any case without leaving a process behind. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster, volumeOf } from '../support/cluster.ts';
import { type Dev, dev } from '../support/dev.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/port.ts';
import { processes, taskProcesses } from '../support/processes.ts';
import { deployed, run } from '../support/service.ts';
import { type Program, type Workplace, workplace } from '../support/workplace.ts';

/** One task says good-bye when it is asked to end, the other does not listen. */
const MANNERS = `
name: manners
pods:
  polite:
    count: 1
    tasks:
      node:
        goal: RUNNING
        cmd: |
          trap 'kill $!; echo "good-bye" >> log/log; exit 0' TERM
          echo "hello" >> log/log
          while true; do sleep 1000 & wait $!; done
        cpus: 0.1
        memory: 32
        kill-grace-period: 30
        volume: { path: log, type: ROOT, size: 10 }
  stubborn:
    count: 1
    tasks:
      node:
        goal: RUNNING
        cmd: trap '' TERM; sleep 1000 & while true; do sleep 1; done
        cpus: 0.1
        memory: 32
        kill-grace-period: 1
`;

test('Ctrl-C of dev: tasks may say good-bye within their grace period, those that do not listen are killed, exit code 0', async () => {
  const place = workplace();
  const { program, port, workDir } = await manners(place);
  await deployed(port);
  const log = join(volumeOf(workDir, 'polite-0-node', 'log'), 'log');
  await eventually(() => expect(readFileSync(log, 'utf8')).toBe('hello\n'));
  program.signal('SIGINT');
  const { code, stderr } = await program.ended;
  expect(code, stderr).toBe(0);
  expect(taskProcesses(place.directory)).toEqual([]);
  expect(readFileSync(log, 'utf8')).toBe('hello\ngood-bye\n');
});

test('SIGKILL of dev leaves no process behind', async () => {
  const place = workplace();
  const { program, port } = await manners(place);
  await deployed(port);
  await leavesNothing(place, program);
});

test('whoever reads dev through a pipe may stop reading: it ends in silence, and leaves no process behind', async () => {
  const place = workplace();
  const { program } = await manners(place);
  program.stopReading();
  const { code, stderr } = await program.ended;
  expect([code, stderr]).toEqual([0, '']);
  await eventually(() => expect(taskProcesses(place.directory)).toEqual([]), 5000);
});

test('SIGKILL of a cluster leaves no process behind; the scheduler goes on and waits for it', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const scheduler = run(place, { master: cluster.url, port });
  await deployed(port);
  await leavesNothing(place, cluster.program);
  expect(processes().map(({ pid }) => pid)).toContain(scheduler.pid);
});

test('the end of a scheduler touches no task', async () => {
  const place = workplace();
  const cluster = await startCluster(place);
  const port = await freePort();
  const scheduler = run(place, { master: cluster.url, port });
  await deployed(port);
  const before = taskProcesses(cluster.workDir).filter(isLeader);
  scheduler.signal('SIGTERM');
  expect((await scheduler.ended).code).toBe(0);
  expect(taskProcesses(cluster.workDir).filter(isLeader)).toEqual(before);
});

function manners(place: Workplace): Promise<Dev> {
  const definition = join(place.directory, 'svc.yml');
  writeFileSync(definition, MANNERS);
  return dev(place, definition);
}

/** Neither a task nor the processes that served the killed one itself. */
async function leavesNothing(place: Workplace, program: Program): Promise<void> {
  const served = processes().filter(({ parent }) => parent === program.pid);
  expect(served.length).toBeGreaterThan(0);
  expect(taskProcesses(place.directory).length).toBeGreaterThan(0);
  const killedAt = Date.now();
  await program.kill();
  await eventually(() => {
    expect(taskProcesses(place.directory)).toEqual([]);
    const alive = new Set(processes().map(({ pid }) => pid));
    expect(served.filter(({ pid }) => alive.has(pid))).toEqual([]);
  }, 5000);
  console.log(`nothing left ${Date.now() - killedAt} ms after SIGKILL`);
}

function isLeader({ pid, session }: { pid: number; session: number }): boolean {
  return pid === session;
}
