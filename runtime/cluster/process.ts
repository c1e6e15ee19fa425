/**
 * Process trees: a command in its own session, started only when the reaper already watches it, and over only when its whole tree
 * is gone. It promises that no instruction of the command runs unwatched; it never decides when a tree must end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { CommandInfo } from '../kit/mesos.ts';
import type { Execution, ProcessEnd } from './agent-contract.ts';
import type { Reaper } from './reaper.ts';

export interface Tree {
  readonly pid: number;
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** How the process ended that leads the tree; resolves once the tree is gone. */
  readonly ended: Promise<ProcessEnd>;
}

export interface TreeOptions {
  /** Files that take what the tree prints; nothing is kept without them. */
  output?: { stdout: string; stderr: string };
  /** Text in the environment of this tree alone. */
  mark?: string;
}

/**
 * Waits for the word to go (an end of file means that the cluster is gone), then becomes the command. 233 is what a Mesos agent
 * makes of a program that does not exist (fact 29).
 */
const gate = `read -r go <&3 && [ "$go" = go ] || exit 1
exec 3<&-
[ "$1" = /bin/sh ] || command -v -- "$1" >/dev/null || exit 233
exec "$@"`;

/** Starts the command; rejects when the machine cannot (no such directory, too many processes). */
export async function startTree(reaper: Reaper, execution: Execution, options: TreeOptions = {}): Promise<Tree> {
  const { output, mark } = options;
  const files = output ? [openSync(output.stdout, 'a'), openSync(output.stderr, 'a')] : [];
  const child = spawn('/bin/sh', ['-c', gate, 'mainstay-task', ...argv(execution.command)], {
    cwd: execution.directory,
    env: execution.environment,
    detached: true,
    stdio: ['ignore', files[0] ?? 'ignore', files[1] ?? 'ignore', 'pipe'],
  });
  for (const file of files) closeSync(file);
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const { pid } = child;
  if (pid === undefined) {
    await exited; // Rejects with the reason.
    throw new Error('invariant broken: a process without pid exited');
  }
  const key = String(pid);
  await reaper.watch(key, mark);
  const go = child.stdio[3] as Writable;
  go.on('error', () => {}); // It was killed at the gate; its exit says so.
  go.end('go\n');
  return {
    pid,
    signal: (signal) => reaper.signal(key, signal),
    ended: exited.then(async ([code, signal]) => {
      await reaper.end(key);
      return signal === null ? { code: code ?? 0 } : { signal };
    }),
  };
}

/** A command without a value fails as it does with Mesos (trace 20). */
function argv(command: CommandInfo): string[] {
  if (command.value === undefined) return ['/bin/sh', '-c', 'exit 1'];
  if (command.shell === false) return [command.value, ...(command.arguments ?? []).slice(1)];
  return ['/bin/sh', '-c', command.value];
}
