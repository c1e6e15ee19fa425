/**
 * Everything that kills: a small process of its own that watches the trees of a cluster and ends them when told, or when the
 * cluster itself is gone, however it went. It promises that a tree is known to it before `watch` resolves; when it is killed it
 * is replaced and told everything again.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { assert } from '../kit/assert.ts';
import { reaperScript } from './reaper-script.ts';

export interface Reaper {
  /**
   * Resolves once the reaper will kill the tree, even if this process dies at the next instruction. `key` is the pid of the tree's
   * session leader, or a word when only the mark tells the tree; `mark` is text in the environment of its processes alone.
   */
  watch(key: string, mark?: string): Promise<void>;
  /** Sends a signal to every process of the tree. */
  signal(key: string, signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves once nothing is left of the tree, which is not watched any more. */
  end(key: string): Promise<void>;
  /** Of the process that is the reaper now. */
  pid(): number;
  /** Kills all trees and ends the reaper. */
  close(): Promise<void>;
}

interface Watched {
  readonly mark: string;
  /** The last command that a new reaper has to be told again. */
  verb?: 'TERM' | 'KILL' | 'end';
  ended?: () => void;
}

type Shell = ChildProcessByStdio<Writable, Readable, null>;

export function startReaper(): Reaper {
  const trees = new Map<string, Watched>();
  let closing = false;
  let finish: () => void;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let shell = start();

  return {
    async watch(key, mark = '-') {
      assert(/^\w+$/.test(key) && mark !== '' && !mark.includes('\n'), `a tree cannot be watched as ${key} ${mark}`);
      trees.set(key, { mark });
      while (!(await write(shell, `watch ${key} ${mark}`))) await gone(shell);
    },
    signal(key, signal) {
      command(key, signal === 'SIGTERM' ? 'TERM' : 'KILL');
    },
    end(key) {
      const ended = new Promise<void>((resolve) => {
        const tree = trees.get(key);
        if (tree) tree.ended = resolve;
        else resolve();
      });
      command(key, 'end');
      return ended;
    },
    pid: () => shell.pid!,
    async close() {
      closing = true;
      shell.stdin.end();
      await finished;
    },
  };

  function command(key: string, verb: NonNullable<Watched['verb']>): void {
    const tree = trees.get(key);
    if (!tree) return;
    tree.verb = verb;
    void write(shell, `${verb} ${key}`);
  }

  function start(): Shell {
    // Its own session, so that no terminal and no group signal ends it; no directory of ours, so that none is held.
    const options = { detached: true, cwd: '/', env: { PATH: process.env['PATH'] } } as const;
    const started = spawn('/bin/sh', ['-c', reaperScript, 'mainstay-reaper'], {
      ...options,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    started.stdin.on('error', () => {}); // A dead reaper is noticed by its exit.
    createInterface({ input: started.stdout }).on('line', (line) => onEnded(line.slice('ended '.length)));
    started.once('exit', (code) => {
      // Only at the end of its input, with nothing left to kill, does it exit with 0.
      if (code === 0) return finish();
      shell = start();
      for (const [key, { mark, verb }] of trees) {
        void write(shell, `watch ${key} ${mark}`);
        if (verb) void write(shell, `${verb} ${key}`);
      }
      if (closing) shell.stdin.end();
    });
    return started;
  }

  function onEnded(key: string): void {
    trees.get(key)?.ended?.();
    trees.delete(key);
  }
}

/** Resolves to whether the line is in the hands of the kernel. */
function write(shell: Shell, line: string): Promise<boolean> {
  return new Promise((resolve) => shell.stdin.write(`${line}\n`, (error) => resolve(!error)));
}

async function gone(shell: Shell): Promise<void> {
  if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
}
