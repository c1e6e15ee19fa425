/**
 * A process of an image as a container has it: nobody's, in a tree that cannot be written, and the first of its own process
 * namespace where the machine lets us (root on Linux). Promises that it has ended with the test.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { processes } from '../support/processes.ts';
import { below, environmentOf, type Image } from './image.ts';

/** Debian's `nobody`. */
const NOBODY = '65534';
const isRoot = process.getuid?.() === 0;
const AS_NOBODY = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : [];
const AS_FIRST = ['unshare', '--pid', '--fork', '--kill-child'];
const isolates = isRoot && spawnSync(AS_FIRST[0]!, [...AS_FIRST.slice(1), 'true']).status === 0;

export interface Container {
  output(): string;
  /** Sent to the program itself, as `docker stop` does. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** The exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** `docker run IMAGE <args>` with these variables; without arguments its CMD. */
export function runContainer(image: Image, args: readonly string[] = image.cmd, env: Record<string, string> = {}) {
  return start(image, [...(isolates ? AS_FIRST : []), ...AS_NOBODY, ...image.entrypoint, ...args], env);
}

/** `docker exec`: resolves to the exit code. */
export function execute(image: Image, command: readonly string[], env: Record<string, string> = {}) {
  return start(image, [...AS_NOBODY, ...command], env).ended;
}

function start(image: Image, [program, ...args]: readonly string[], env: Record<string, string>): Container {
  const child = spawn(program!, args, {
    cwd: below(image, '.'),
    env: { ...environmentOf(image), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    output: () => output,
    ended,
    async signal(signal) {
      process.kill(await programOf(child), signal);
    },
  };
}

/** `unshare` waits for the program, as the process outside that Docker keeps for a container does. */
async function programOf(child: ChildProcess): Promise<number> {
  if (child.spawnargs[0] !== AS_FIRST[0]) return child.pid!;
  return eventually(() => {
    const program = processes().find(({ parent }) => parent === child.pid);
    if (!program) throw new Error('the container has not begun yet');
    return program.pid;
  });
}
