/**
 * How a container looks to its task: where its files are, which variables it sees, which volumes are linked into it. Promises the
 * layout and the environment of a Mesos agent (trace 20, fact 35); it never touches a file.
 */
import type { CommandInfo, FrameworkInfo, TaskInfo } from '../kit/mesos.ts';
import type { Execution, VolumeLink } from './agent-contract.ts';
import { volumePath } from './agent-operations.ts';

/** What Mesos gives to a task whose environment names no PATH. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The directory of one run of an executor. */
export function runDirectory(
  workDir: string,
  agentId: string,
  frameworkId: string,
  executorId: string,
  run: string,
): string {
  return `${workDir}/slaves/${agentId}/frameworks/${frameworkId}/executors/${executorId}/runs/${run}`;
}

/** The sandbox of a task. */
export function taskDirectory(run: string, container: string): string {
  return `${run}/containers/${container}`;
}

/** A command of the task: its own, or a check that runs beside it and adds its variables to the task's. */
export function execution(
  command: CommandInfo,
  task: TaskInfo,
  framework: FrameworkInfo,
  directory: string,
  ip: string,
): Execution {
  const own = { ...variables(task.command), ...variables(command) };
  return {
    directory,
    command,
    environment: {
      PATH: defaultPath,
      ...own,
      MESOS_SANDBOX: directory,
      MESOS_ALLOCATION_ROLE: allocationRole(task, framework),
      MESOS_CONTAINER_IP: ip,
      PWD: directory,
    },
  };
}

export function volumeLinks(workDir: string, task: TaskInfo): VolumeLink[] {
  return (task.resources ?? []).flatMap((resource) =>
    resource.disk?.persistence && resource.disk.volume
      ? [{ containerPath: resource.disk.volume.container_path, hostPath: volumePath(workDir, resource) }]
      : [],
  );
}

/** Why this agent cannot run the task as it was meant, rather than run it differently in silence. */
export function refusal(task: TaskInfo): string | undefined {
  const variables = task.command?.environment?.variables ?? [];
  if (variables.some((variable) => variable.type === 'SECRET')) {
    return 'Collect failed: Default secret resolver cannot resolve references';
  }
  if (task.command?.uris?.length) return 'The agents of the embedded cluster do not fetch URIs';
  if (task.container?.mesos?.image) return 'The agents of the embedded cluster do not run images';
  const kinds = [task.check?.type, task.health_check?.type];
  if (kinds.some((kind) => kind !== undefined && kind !== 'COMMAND')) {
    return 'The agents of the embedded cluster run COMMAND checks only';
  }
  return undefined;
}

/** Of duplicates the last counts (trace 20). */
function variables(command: CommandInfo | undefined): Record<string, string> {
  return Object.fromEntries(
    (command?.environment?.variables ?? []).map((variable) => [variable.name, variable.value ?? '']),
  );
}

function allocationRole(task: TaskInfo, framework: FrameworkInfo): string {
  for (const resource of task.resources ?? []) {
    const role = resource.allocation_info?.role ?? resource.reservations?.at(-1)?.role;
    if (role !== undefined) return role;
  }
  return framework.roles?.[0] ?? framework.role ?? '*';
}
