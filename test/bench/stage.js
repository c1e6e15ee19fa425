/**
 * Where one run of a case takes place: processes of a built checkout and a temporary directory. It promises that nothing is left
 * when the run is over, however it ended; it never signals a process that it did not start.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** No run takes this long; one that does is stuck. */
const LIMIT_MS = 120_000;
/** A process that does not end within this time of SIGTERM is killed. The cluster gives its tasks 5 s. */
const PATIENCE_MS = 10_000;
/** Templates are rendered against the environment, and NODE_OPTIONS changes what is timed: pass only what a program needs. */
const ENVIRONMENT = { PATH: process.env.PATH, HOME: process.env.HOME };

const living = new Set();
const directories = new Set();

// The last resort: a second Ctrl-C, or a mistake in the benchmark itself. Tasks end with their cluster.
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
});

/**
 * Resolves to what `act(stage)` resolves to, once the stage is empty again. Rejects when `interrupted` aborts, when the run takes
 * longer than it may, and when a service process ends by itself.
 */
export async function onStage(checkout, interrupted, act) {
  interrupted.throwIfAborted();
  const end = new AbortController();
  const interrupt = () => end.abort(interrupted.reason);
  interrupted.addEventListener('abort', interrupt);
  const timer = setTimeout(() => end.abort(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  const directory = await mkdtemp(join(tmpdir(), 'mainstay-bench-'));
  directories.add(directory);
  const closers = [];
  try {
    const stage = createStage(checkout, directory, end, closers);
    return await Promise.race([act(stage), rejection(end.signal)]);
  } finally {
    clearTimeout(timer);
    interrupted.removeEventListener('abort', interrupt);
    end.abort(new Error('the run is over'));
    for (const close of closers.reverse()) await close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    directories.delete(directory);
  }
}

function createStage(checkout, directory, end, closers) {
  return {
    checkout,
    directory,
    /** Aborted when the run is over. */
    signal: end.signal,
    /** Called at the end of the run; what was opened last closes first. */
    defer: (close) => closers.push(close),
    /** Starts `node bin/mainstay.js` with these arguments; `startedAt` is the moment before, on `performance.now()`'s clock. */
    start(args, environment = {}) {
      const startedAt = performance.now();
      const child = spawn(process.execPath, [join(checkout, 'bin/mainstay.js'), ...args], {
        cwd: directory,
        env: { ...ENVIRONMENT, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      living.add(child);
      const ended = once(child, 'exit').finally(() => living.delete(child));
      closers.push(() => ending(child, ended));
      return { child, startedAt, ended, says: collected(child) };
    },
    /** The same for a process that must live as long as the run. */
    serve(args, environment) {
      const process = this.start(args, environment);
      process.ended.then(([code, signal]) => {
        const how = `mainstay ${args[0]} ended with ${signal ?? `code ${code}`}`;
        end.abort(new Error(`${how}:\n${process.says()}`));
      });
      return process;
    },
  };
}

async function ending(child, ended) {
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(killing);
}

function collected(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
  }
  return () => text;
}

function rejection(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
