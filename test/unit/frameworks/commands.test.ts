import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadService } from '../../../runtime/packaging/load.ts';
import type { TaskSpec } from '../../../runtime/spec/service.ts';

let sandbox: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  sandbox = mkdtempSync(join(tmpdir(), 'mainstay-command-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(sandbox, { recursive: true, force: true });
});

function taskOf(framework: string, pod: string): TaskSpec {
  const path = fileURLToPath(new URL(`../../../frameworks/${framework}`, import.meta.url));
  const result = loadService({ path, processEnv: {}, overrides: {} });
  const task = result.ok ? result.spec.pods.find(({ type }) => type === pod)?.tasks[0] : undefined;
  if (!task) throw new Error(`${framework} has no pod ${pod}`);
  return task;
}

/** Runs the task's command as an agent does, in a sandbox with its volumes. */
function started(task: TaskSpec): ChildProcess {
  for (const { containerPath } of task.resourceSet.volumes)
    mkdirSync(join(sandbox, containerPath), { recursive: true });
  const env = { PATH: process.env['PATH'], TASK_NAME: 'the-task', STORE_PORT: '1025', ...task.environment };
  child = spawn('sh', ['-c', task.command], { cwd: sandbox, env, stdio: 'ignore' });
  return child;
}

const file = (name: string) => (existsSync(join(sandbox, name)) ? readFileSync(join(sandbox, name), 'utf8') : '');

function ended(process: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => process.once('exit', (code) => resolve(code)));
}

test.each([
  ['data-store', 'meta-data', 'meta-data/log'],
  ['data-store', 'data', 'data/log'],
])('%s %s appends its process id to its volume and ends at SIGTERM', async (framework, pod, log) => {
  const process = started(taskOf(framework, pod));
  await vi.waitFor(() => expect(file(log).split('\n').length).toBeGreaterThan(2), { timeout: 10_000 });
  for (const line of file(log).trim().split('\n')) expect(line).toMatch(new RegExp(`^\\S+Z ${process.pid} the-task`));
  process.kill('SIGTERM');
  expect(await ended(process)).toBe(0);
});

test('hello-world hello passes its health check once it runs', async () => {
  const task = taskOf('hello-world', 'hello');
  const process = started(task);
  await vi.waitFor(
    () => expect(spawnSync('sh', ['-c', task.healthCheck?.command ?? 'false'], { cwd: sandbox }).status).toBe(0),
    { timeout: 10_000 },
  );
  process.kill('SIGTERM');
  expect(await ended(process)).toBe(0);
});

test('hello-world world becomes ready, and notes its end on its volume', async () => {
  const task = taskOf('hello-world', 'world');
  const process = started(task);
  await vi.waitFor(
    () => expect(spawnSync('sh', ['-c', task.readinessCheck?.command ?? 'false'], { cwd: sandbox }).status).toBe(0),
    {
      timeout: 10_000,
    },
  );
  process.kill('SIGTERM');
  expect(await ended(process)).toBe(0);
  expect(file('world-log/shutdown')).toBe('all clean\n');
});
