import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTree } from '../../../runtime/cluster/process.ts';
import { type Reaper, startReaper } from '../../../runtime/cluster/reaper.ts';
import type { CommandInfo } from '../../../runtime/kit/mesos.ts';
import { isLiving, marked, until } from './process-kit.ts';

let directory: string;
let reaper: Reaper;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mainstay-process-'));
  reaper = startReaper();
});
afterAll(async () => {
  await reaper.close();
  rmSync(directory, { recursive: true });
});

function start(command: CommandInfo | string, by = reaper) {
  const mark = `MARK=${randomUUID()}`;
  const [name, value] = mark.split('=') as [string, string];
  const execution = {
    directory,
    command: typeof command === 'string' ? { value: command } : command,
    environment: { PATH: process.env['PATH'] ?? '', [name]: value },
  };
  return { mark, tree: startTree(by, execution, { mark }) };
}

describe('a command', () => {
  test.each([
    ['succeeds', { value: 'exit 0' }, { code: 0 }],
    ['fails', { value: 'exit 7' }, { code: 7 }],
    ['is empty', { value: '' }, { code: 0 }],
    ['is missing', {}, { code: 1 }],
    ['does not exist', { value: '/no/such/program --x' }, { code: 127 }],
    [
      'does not exist, without a shell',
      { value: '/no/such/program', shell: false, arguments: ['program'] },
      { code: 233 },
    ],
    ['runs without a shell', { value: '/bin/sh', shell: false, arguments: ['sh', '-c', 'exit 3'] }, { code: 3 }],
    ['is killed', { value: 'kill -9 $$' }, { signal: 'SIGKILL' }],
    ['is terminated', { value: 'kill -15 $$' }, { signal: 'SIGTERM' }],
  ])('that %s', async (_, command, end) => {
    expect(await (await start(command).tree).ended).toEqual(end);
  });

  test('has exactly the environment and directory it was given, and its output in files', async () => {
    const output = { stdout: join(directory, 'out'), stderr: join(directory, 'err') };
    const environment = { PATH: process.env['PATH'] ?? '', PWD: directory, MY: 'two\nlines' };
    const command = { value: 'env; echo problem >&2' };
    const tree = await startTree(reaper, { directory, command, environment }, { output });
    await tree.ended;
    const printed = readFileSync(output.stdout, 'utf8');
    expect(printed.trim().split('\n').sort()).toEqual([
      'MY=two',
      `PATH=${environment.PATH}`,
      `PWD=${directory}`,
      'lines',
    ]);
    expect(readFileSync(output.stderr, 'utf8')).toBe('problem\n');
  });

  test('that cannot be started is an error', async () => {
    const execution = { directory: join(directory, 'nowhere'), command: { value: 'true' }, environment: {} };
    await expect(startTree(reaper, execution)).rejects.toThrow('ENOENT');
  });
});

describe('a process tree', () => {
  const daemon = '(setsid sh -c "sleep 1001 & sleep 1002" >/dev/null 2>&1 &)';

  test('is over when its first process ends: what that left behind is gone, daemons too', async () => {
    const { mark, tree } = start(`${daemon}; sleep 1003 & exit 4`);
    expect(await (await tree).ended).toEqual({ code: 4 });
    expect(marked(mark)).toEqual([]);
  });

  test('without a mark is told by its session, whatever groups its processes made', async () => {
    const stdout = join(directory, 'pids');
    const environment = { PATH: process.env['PATH'] ?? '' };
    const command = { value: 'bash', shell: false, arguments: ['bash', '-c', 'set -m; sleep 1011 & echo $!'] };
    const tree = await startTree(reaper, { directory, command, environment }, { output: { stdout, stderr: stdout } });
    await tree.ended;
    const pid = Number(readFileSync(stdout, 'utf8'));
    expect(pid).toBeGreaterThan(1);
    expect(isLiving(pid)).toBe(false);
  });

  test('gets a signal as a whole, children in other sessions too', async () => {
    const child = 'trap "touch got; exit" TERM; touch up; while :; do sleep 0.01; done';
    const { tree } = start(`trap : TERM; setsid sh -c '${child}' & wait; wait; exit 5`);
    const { signal, ended } = await tree;
    await until(() => existsSync(join(directory, 'up')));
    signal('SIGTERM');
    expect(await ended).toEqual({ code: 5 });
    expect(existsSync(join(directory, 'got'))).toBe(true);
  });

  test('that ignores SIGTERM and forks without end dies of SIGKILL', async () => {
    const { mark, tree } = start('trap "" TERM; while true; do (sleep 0.01; true) & sleep 0.001; done');
    const { signal, ended } = await tree;
    signal('SIGTERM');
    signal('SIGKILL');
    expect(await ended).toEqual({ signal: 'SIGKILL' });
    expect(marked(mark)).toEqual([]);
  });
});

describe('the reaper', () => {
  test('kills all trees when it is closed', async () => {
    const own = startReaper();
    const marks: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { mark, tree } = start('trap "" TERM; (setsid sleep 1006 &); sleep 1007 & wait', own);
      await tree;
      marks.push(mark);
    }
    await own.close();
    expect(marks.flatMap(marked)).toEqual([]);
  });

  test('is replaced when it is killed, and knows everything again', async () => {
    const own = startReaper();
    const first = own.pid();
    const { mark, tree } = start('sleep 1008', own);
    await tree;
    process.kill(first, 'SIGKILL');
    await until(() => own.pid() !== first);
    const other = start('sleep 1009', own);
    const { signal, ended } = await other.tree;
    signal('SIGKILL');
    expect(await ended).toEqual({ signal: 'SIGKILL' });
    expect(marked(mark)).not.toEqual([]);
    await own.close();
    expect(marked(mark)).toEqual([]);
  });

  test('is told again what it was asked when it died', async () => {
    const own = startReaper();
    const { signal, ended } = await start('sleep 1012', own).tree;
    const deaf = own.pid();
    process.kill(deaf, 'SIGSTOP');
    signal('SIGKILL');
    process.kill(deaf, 'SIGKILL');
    expect(await ended).toEqual({ signal: 'SIGKILL' });
    await own.close();
  });

  test('does its last duty though it is killed when closed', async () => {
    const own = startReaper();
    const { mark, tree } = start('sleep 1013', own);
    await tree;
    process.kill(own.pid(), 'SIGKILL');
    await own.close();
    expect(marked(mark)).toEqual([]);
  });

  test('survives what a terminal or a supervisor sends to groups', async () => {
    const own = startReaper();
    await (await start('exit 0', own).tree).ended;
    const first = own.pid();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(own.pid(), signal);
    await (await start('exit 0', own).tree).ended;
    expect(own.pid()).toBe(first);
    await own.close();
  });
});
