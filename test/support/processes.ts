/** The processes of this machine as /proc shows them (Linux). Promises to look only; a process that ends meanwhile is not there. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The pid of the process that leads its session. */
  readonly session: number;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** All that are not dead; zombies are. */
export function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      // The program's name stands in brackets and may hold anything.
      const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (stat === '' || state === 'Z' || state === 'X') return [];
      const command = read(`/proc/${pid}/cmdline`).split('\0').slice(0, -1);
      return [{ pid: Number(pid), parent: Number(parent), session: Number(session), command, env: environment(pid) }];
    });
}

/** Those that run for a task whose sandbox is below the directory: `MESOS_SANDBOX` says so. */
export function taskProcesses(directory: string): Process[] {
  return processes().filter(({ env }) => env['MESOS_SANDBOX']?.startsWith(`${directory}/`));
}

/** The process that leads the tree of each task below the directory, by task name. */
export function taskLeaders(directory: string): Map<string, Process> {
  const leaders = taskProcesses(directory).filter(({ pid, session }) => pid === session);
  return new Map(leaders.map((leader) => [leader.env['TASK_NAME'] ?? '', leader]));
}

/** What the processor has done for this process, in milliseconds. */
export function cpuMs(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const TICK_MS = 10;
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1]) / 1024;
}

function environment(pid: string): Record<string, string> {
  const pairs = read(`/proc/${pid}/environ`).split('\0');
  return Object.fromEntries(
    pairs
      .filter((pair) => pair.includes('='))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
