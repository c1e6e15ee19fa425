/**
 * Where one test works: a directory of its own, and the `mainstay` processes that it starts. Promises that nothing of it is left
 * when the test ends, however it ends; ends only what it started, each by its own pid.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import { taskProcesses } from './processes.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = join(root, 'bin/mainstay.js');

export interface Workplace {
  /** Absolute, without symbolic links. */
  readonly directory: string;
  /** Starts `mainstay <args>` in the directory. */
  mainstay(args: readonly string[], env?: Readonly<Record<string, string>>): Program;
}

/** A running `mainstay`, or one that has ended. */
export interface Program {
  readonly pid: number;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Reads its output no more: the pipe is gone, as after `| head`. */
  stopReading(): void;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and all it printed is there. */
  readonly ended: Promise<Ended>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** To be called in a test; cleans up when that test has finished. */
export function workplace(): Workplace {
  const place = openWorkplace();
  onTestFinished(() => place.close());
  return place;
}

/** One that its caller closes: ends what it started and removes the directory. */
export function openWorkplace(): Workplace & { close(): Promise<void> } {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'mainstay-e2e-')));
  const programs: Program[] = [];
  return {
    directory,
    mainstay(args, env = {}) {
      const program = start(directory, args, env);
      programs.push(program);
      return program;
    },
    async close() {
      await Promise.all(programs.map((program) => program.kill()));
      // The reapers do this too, if they are what they promise to be.
      for (const { pid } of taskProcesses(directory)) end(pid);
      await eventually(() => rmSync(directory, { recursive: true, force: true }));
    },
  };
}

/** The environment is the test's alone: what a developer has set must not decide. */
function start(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const { PATH = '', HOME = cwd } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = endOf(child).then((end) => ({ ...end, stdout, stderr }));
  return {
    pid: child.pid!,
    stdout: () => stdout,
    stderr: () => stderr,
    stopReading: () => void child.stdout.destroy(),
    signal: (signal) => void child.kill(signal),
    ended,
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<Pick<Ended, 'code' | 'signal'>> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
