/** What an operator loses: the tasks that end and the volumes that are destroyed, in words. Promises to name where each of them is. */
import type { PlanBody, StepBody } from '../api/bodies/plans.ts';
import type { PodsBody } from '../api/bodies/pods.ts';
import type { Client } from './client.ts';
import { parsed } from './operator.ts';
import { planPath, podPath } from './path.ts';

/** The part of `/v1/pod/<instance>/info` that tells of places and volumes. Sizes are MB. */
type PodInfoBody = readonly {
  readonly info: {
    readonly name: string;
    readonly labels?: { readonly labels?: readonly { readonly key: string; readonly value?: string }[] };
    readonly resources?: readonly ResourceBody[];
    /** Holds what the tasks of the pod share. */
    readonly executor?: { readonly resources?: readonly ResourceBody[] };
  };
  readonly status?: { readonly state: string } | null;
}[];

interface ResourceBody {
  readonly scalar?: { readonly value: number };
  readonly disk?: {
    readonly persistence?: { readonly id: string };
    readonly volume?: { readonly containerPath: string };
  };
}

/** So many pod instances are asked where they are; more are counted. */
const LOOKED_AT = 20;

const ENDED = new Set(['FINISHED', 'FAILED', 'KILLED', 'ERROR', 'LOST', 'DROPPED', 'GONE', 'GONE_BY_OPERATOR']);

/** All that is gone once the instance is replaced. */
export async function lossOfReplace(client: Client, instance: string): Promise<string> {
  const tasks = await infoOf(client, instance);
  const alive = tasks.filter(({ status }) => status && isAlive({ status: status.state.replace(/^TASK_/, '') }));
  const volumes = volumesOf(instance, tasks);
  const dies = [...alive.map(({ info }) => `- task ${info.name} on ${hostOf(info)}`), ...volumes];
  const sentence = `${instance} gives up its place and starts anew${volumes.length > 0 ? ', empty' : ''}.`;
  const none = volumes.length > 0 ? [] : ['It has no persistent volumes: no data is lost.'];
  return [`${sentence}${dies.length > 0 ? ' This ends:' : ''}`, ...dies, ...none].join('\n');
}

/** Each volume once, a line each: those of tasks, and those of the pod, which each of its tasks names. */
function volumesOf(instance: string, tasks: PodInfoBody): string[] {
  const lines = new Map<string, string>();
  for (const { info } of tasks) {
    const own = (info.resources ?? []).map((resource) => [info.name, resource] as const);
    const shared = (info.executor?.resources ?? []).map((resource) => [instance, resource] as const);
    for (const [owner, { disk, scalar }] of [...own, ...shared]) {
      if (!disk?.persistence) continue;
      const path = disk.volume?.containerPath ?? 'a volume';
      const text = `- volume ${path} of ${owner} on ${hostOf(info)}, ${scalar?.value ?? 0} MB, with ALL ITS DATA`;
      lines.set(disk.persistence.id, text);
    }
  }
  return [...lines.values()];
}

/** The part of a plan that a command is about. */
export interface Element {
  readonly plan: string;
  readonly phase?: string | undefined;
  readonly step?: string | undefined;
}

/** The steps that a command is about; phase and step go by name or id. */
export async function stepsOf(client: Client, { plan, phase, step }: Element): Promise<StepBody[]> {
  const { phases = [] } = parsed(await client.get(planPath(plan))) as Partial<PlanBody>;
  const isMeant = (wanted: string | undefined) => (at: { readonly id: string; readonly name: string }) =>
    wanted === undefined || wanted === at.name || wanted === at.id;
  return phases.filter(isMeant(phase)).flatMap(({ steps }) => steps.filter(isMeant(step)));
}

/** The tasks of the element's steps that are alive, one a line; empty when none is. */
export async function liveTasks(client: Client, element: Element): Promise<string[]> {
  const concerned = new Set((await stepsOf(client, element)).flatMap(({ name }) => tasksOf(name)));
  const pods = ((parsed(await client.get('v1/pod/status')) as PodsBody).pods ?? [])
    .flatMap(({ instances }) => instances)
    .map(({ name, tasks }) => ({ name, tasks: tasks.filter((task) => concerned.has(task.name) && isAlive(task)) }))
    .filter(({ tasks }) => tasks.length > 0);
  const lines: string[] = [];
  for (const { name, tasks } of pods.slice(0, LOOKED_AT)) {
    const info = await infoOf(client, name);
    for (const task of tasks)
      lines.push(`- task ${task.name} on ${hostOf(info.find((at) => at.info.name === task.name)?.info)}`);
  }
  return pods.length > LOOKED_AT ? [...lines, `- and those of ${pods.length - LOOKED_AT} more pods`] : lines;
}

/** `data-0:[node, helper]` is of the tasks `data-0-node` and `data-0-helper`. */
function tasksOf(step: string): string[] {
  const [, pod, tasks = ''] = /^(.+):\[(.*)\]$/.exec(step) ?? [];
  return tasks.split(', ').map((task) => `${pod}-${task}`);
}

function isAlive({ status }: { readonly status?: string }): boolean {
  return status !== undefined && !ENDED.has(status);
}

async function infoOf(client: Client, instance: string): Promise<PodInfoBody> {
  return parsed(await client.get(podPath(instance, 'info'))) as PodInfoBody;
}

function hostOf(info: PodInfoBody[number]['info'] | undefined): string {
  return info?.labels?.labels?.find((label) => label.key === 'offer_hostname')?.value ?? 'its agent';
}
