/**
 * How a container looks to its task: where its files are, which variables it sees, which volumes are linked into it. Promises the
 * layout and the environment of a Mesos agent (trace 20, fact 35); it never touches a file.
 */
import type { CommandInfo, Secret, TaskInfo } from '../kit/mesos.ts';
import type { FrameworkInfo } from '../kit/mesos-call.ts';
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
  const own = { ...variables(task.command), ...(command === task.command ? {} : variables(command)) };
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

/** The persistent volumes of a task or an executor. */
export function volumeLinks(workDir: string, { resources }: Pick<TaskInfo, 'resources'>): VolumeLink[] {
  return (resources ?? []).flatMap((resource) =>
    resource.disk?.persistence && resource.disk.volume
      ? [{ containerPath: resource.disk.volume.container_path, hostPath: volumePath(workDir, resource) }]
      : [],
  );
}

/** What a task mounts besides: directories of its executor's sandbox, of its own, and of the machine. */
export function mounts({ container }: TaskInfo, executorDirectory: string): VolumeLink[] {
  return (container?.volumes ?? []).map(({ container_path: containerPath, host_path, source }) => {
    if (source?.type === 'SANDBOX_PATH') {
      return { containerPath, hostPath: `${executorDirectory}/${source.sandbox_path?.path ?? ''}` };
    }
    return { containerPath, hostPath: source?.host_path?.path ?? host_path ?? '', foreign: true };
  });
}

const known: readonly (string | undefined)[] = [undefined, 'UNKNOWN', 'HOST_PATH', 'SANDBOX_PATH'];

/** Why this agent cannot run the task as it was meant, rather than run it differently in silence. */
export function refusal(task: TaskInfo): string | undefined {
  const variables = task.command?.environment?.variables ?? [];
  if (variables.some(({ type, secret }) => type === 'SECRET' && secret?.type !== 'VALUE')) {
    return 'Collect failed: Default secret resolver cannot resolve references';
  }
  if (task.container?.mesos?.image) return 'The agents of the embedded cluster do not run images';
  const strange = task.container?.volumes?.find(({ source }) => !known.includes(source?.type));
  if (strange) return `The agents of the embedded cluster mount no volume of type ${strange.source?.type}`;
  const paths = (task.container?.volumes ?? []).flatMap(({ source }) => source?.sandbox_path ?? []);
  if (paths.some(({ type }) => type === 'SELF')) {
    return 'The agents of the embedded cluster mount only PARENT sandbox paths';
  }
  const leaving = paths.find(({ path }) => path.split('/').includes('..') || path.startsWith('/'));
  return leaving && `The sandbox path '${leaving.path}' leaves the sandbox`;
}

/** Of duplicates the last counts (trace 20). */
function variables(command: CommandInfo | undefined): Record<string, string> {
  return Object.fromEntries(
    (command?.environment?.variables ?? []).map(({ name, value, secret }) => [name, value ?? secretOf(secret) ?? '']),
  );
}

/** Mesos' default resolver knows secrets that are there by value. */
function secretOf(secret: Secret | undefined): string | undefined {
  return secret?.value && Buffer.from(secret.value.data, 'base64').toString();
}

function allocationRole(task: TaskInfo, framework: FrameworkInfo): string {
  for (const resource of task.resources ?? []) {
    const role = resource.allocation_info?.role ?? resource.reservations?.at(-1)?.role;
    if (role !== undefined) return role;
  }
  return framework.roles?.[0] ?? framework.role ?? '*';
}
