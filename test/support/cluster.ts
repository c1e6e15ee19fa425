/** `mainstay cluster` as a process of a test: started, looked at from outside, killed. Promises to know nothing but its files and its HTTP. */
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { type Process, taskLeaders } from './processes.ts';
import type { Program, Workplace } from './workplace.ts';

export interface ClusterProcess {
  readonly program: Program;
  readonly url: string;
  readonly port: number;
  readonly workDir: string;
}

/** What `GET /state` says of a task, as far as tests read it. */
export interface MesosTask {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly slave_id: string;
}

/** Starts a cluster below the workplace, on a port if one is given, and waits until it has said where. */
export async function startCluster(
  place: Workplace,
  port = 0,
  env: Readonly<Record<string, string>> = {},
): Promise<ClusterProcess> {
  const workDir = join(place.directory, 'cluster');
  const program = place.mainstay(['cluster', '--port', String(port), '--work-dir', workDir], env);
  const url = await eventually(() => {
    const [, found] = /^master\s+(http:\S+)/m.exec(program.stdout()) ?? [];
    expect(found, program.stderr()).toBeDefined();
    return found!;
  });
  return { program, url, port: Number(new URL(url).port), workDir };
}

/** All tasks that Mesos knows of its frameworks: those that live, and those that ended. */
export async function mesosTasks(url: string): Promise<{ tasks: MesosTask[]; completed: MesosTask[] }> {
  const state = (await (await fetch(`${url}/state`)).json()) as {
    frameworks: { tasks: MesosTask[]; completed_tasks: MesosTask[] }[];
  };
  return {
    tasks: state.frameworks.flatMap((framework) => framework.tasks),
    completed: state.frameworks.flatMap((framework) => framework.completed_tasks),
  };
}

/** What is reserved on an agent for some role beyond what runs there uses: `agent-1 cpus 0.5`. */
export async function unusedReservations(url: string): Promise<string[]> {
  const { slaves } = (await (await fetch(`${url}/slaves`)).json()) as {
    slaves: {
      hostname: string;
      reserved_resources: Record<string, Record<string, number | string>>;
      used_resources: Record<string, number | string>;
    }[];
  };
  return slaves.flatMap(({ hostname, reserved_resources, used_resources }) =>
    ['cpus', 'mem', 'disk'].flatMap((name) => {
      const reserved = Object.values(reserved_resources).reduce((sum, role) => sum + Number(role[name]), 0);
      const unused = Math.round((reserved - Number(used_resources[name])) * 1000) / 1000;
      return unused > 0 ? [`${hostname} ${name} ${unused}`] : [];
    }),
  );
}

/** The persistent volumes on all agents of a work directory. */
export function volumes(workDir: string): string[] {
  return agents(workDir).flatMap((agent) => {
    const roles = join(workDir, agent, 'volumes/roles');
    return list(roles).flatMap((role) => list(join(roles, role)).map((id) => join(roles, role, id)));
  });
}

/** The process that leads the tree of a task; fails when there is none. */
export function taskProcess(workDir: string, task: string): Process {
  const leader = taskLeaders(workDir).get(task);
  expect(leader, `no process runs for ${task}`).toBeDefined();
  return leader!;
}

/** The pid of each task that has a process, by name. */
export function taskPids(workDir: string): Record<string, number> {
  const pids = [...taskLeaders(workDir)].map(([name, { pid }]) => [name, pid] as const);
  return Object.fromEntries(pids.sort());
}

/** The volume that the running task sees at a path of its sandbox. */
export function volumeOf(workDir: string, task: string, path: string): string {
  return readlinkSync(join(taskProcess(workDir, task).env['MESOS_SANDBOX']!, path));
}

function agents(workDir: string): string[] {
  return list(workDir).filter((name) => /^agent-\d+$/.test(name));
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
