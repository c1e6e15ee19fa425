/**
 * Who holds a store directory: `holder.json` in it, readable with cat and, in need, removable with rm. Promises that a live
 * holder on this host is never passed over and a dead one never waited for. Never the last word: that is the epoch (`file.ts`).
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { LockHeld } from './tree.ts';

interface Holder {
  readonly pid: number;
  /** Tells the process from a later one with its pid. */
  readonly birth: string;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/**
 * Makes this process the holder, or throws `LockHeld`. The caller keeps other openers out meanwhile (a write transaction of
 * the same directory does).
 */
export function claim(dir: string, now: Clock): void {
  const file = holderFile(dir);
  const holder = readHolder(file);
  if (holder) refuseUnlessGone(holder, dir, file);
  const own: Holder = {
    pid: process.pid,
    birth: birthOf(process.pid) ?? '',
    host: hostname(),
    since: new Date(now()).toISOString(),
  };
  // Renamed into place, so that a process killed here leaves the old file or the new one, never half of one.
  writeFileSync(`${file}.new`, `${JSON.stringify(own)}\n`);
  renameSync(`${file}.new`, file);
}

/** Makes the directory free for the next opener. The caller knows that it is still ours. */
export function release(dir: string): void {
  rmSync(holderFile(dir), { force: true });
}

function holderFile(dir: string): string {
  return join(dir, 'holder.json');
}

/** Undefined also for a file that cannot be read as a holder: only a power cut leaves one, and that ended the holder too. */
function readHolder(file: string): Holder | undefined {
  try {
    const holder: Partial<Holder> | null = JSON.parse(readFileSync(file, 'utf8'));
    return holder && typeof holder.pid === 'number' && holder.host !== undefined ? (holder as Holder) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function refuseUnlessGone(holder: Holder, dir: string, file: string): void {
  const held = `the store ${dir} is held by process ${holder.pid} on host ${holder.host} since ${holder.since}`;
  if (holder.host !== hostname()) {
    throw new LockHeld(`${held}, which cannot be seen from here; make sure that it has ended, then delete ${file}`);
  }
  if (birthOf(holder.pid) === holder.birth) {
    throw new LockHeld(`${held}; stop that process first, or use another directory`);
  }
}

/**
 * Undefined when no such process runs. On Linux the boot and the start time in clock ticks since then (proc(5), `stat` field
 * 22), so that a reused pid is another process; elsewhere a constant, as only the pid is known.
 */
function birthOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return isRunning(pid) ? 'running' : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not looked yet.
    if (state === 'Z' || state === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[18]}`;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** ESRCH: ended between opening the file and reading it. */
function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ESRCH';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return !isGone(error);
  }
}
