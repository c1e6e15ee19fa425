/**
 * What a task runs, as whom, and what is fetched for it first (svc-yml 4.4). Promises that whatever a file names is fetched before the
 * command starts; a paused task fetches all the same, so that it can be looked into.
 */
import type { CommandInfo, Uri } from '../../../kit/mesos.ts';
import type { ConfigSpec, PodSpec, TaskSpec } from '../../../spec/service.ts';
import type { AssignedPort, LaunchContext } from './context.ts';
import { commandEnvironment, templatePath } from './environment.ts';

export function commandOf(
  context: LaunchContext,
  task: TaskSpec,
  ports: readonly AssignedPort[],
  paused: boolean,
): CommandInfo {
  const uris = urisOf(context, task, paused);
  return {
    value: paused ? context.settings.pauseCommand : task.command,
    environment: commandEnvironment(context, task, ports),
    user: context.pod.user,
    ...(uris.length > 0 ? { uris } : {}),
  };
}

/** In the order in which they are fetched: what a pod brings itself is laid over what came before. */
function urisOf(context: LaunchContext, task: TaskSpec, paused: boolean): Uri[] {
  const { settings, pod } = context;
  return [
    ...(needsHelper(pod) ? [helper(context)] : []),
    ...(paused && settings.bootstrapUri !== undefined ? [{ value: settings.bootstrapUri }] : []),
    ...pod.uris.map((value) => ({ value })),
    ...task.configs.map((config) => template(context, task, config)),
  ];
}

/**
 * All tasks of a pod with templates may call it. One that the pod fetches under the same name is taken for the author's own: the
 * fetcher would write one into the other.
 */
function needsHelper({ tasks, uris }: PodSpec): boolean {
  return tasks.some(({ configs }) => configs.length > 0) && !uris.some((uri) => fileOf(uri) === HELPER);
}

const HELPER = 'bootstrap';

/** What a download is called in the sandbox: the last part of its path. */
function fileOf(uri: string): string | undefined {
  return uri
    .replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
}

/** Renders the templates in the sandbox. */
function helper({ settings }: LaunchContext): Uri {
  const value = `${settings.artifactsUrl}/v1/artifacts/bootstrap`;
  return { value, output_file: HELPER, executable: true, extract: false };
}

/** The template as the configuration has it that the task is launched with. */
function template({ settings, configId, pod }: LaunchContext, task: TaskSpec, { name }: ConfigSpec): Uri {
  const path = [configId, pod.type, task.name, name].map(encodeURIComponent).join('/');
  const value = `${settings.artifactsUrl}/v1/artifacts/template/${path}`;
  return { value, output_file: templatePath(name), extract: false };
}
