/** Rules between the fields of one task. Promises every mistake once; what it reserves is checked with its pod. */
import { Mistake } from '../catalogue.ts';
import type { PodDefinition, TaskDefinition } from '../definition.ts';
import { privateSetOf } from '../names.ts';
import type { Suggest } from '../nearest.ts';
import { labelsIn } from '../pairs.ts';
import { dotted, pointerTo } from '../pointer.ts';
import { configObjections } from './configs.ts';
import { type Objection, repeats } from './objection.ts';
import { pairObjections } from './pairs.ts';
import { sizeWithoutMode, variableObjections } from './sandbox.ts';

export function taskObjections(
  type: string,
  pod: PodDefinition,
  name: string,
  task: TaskDefinition,
  suggest: Suggest,
): Objection[] {
  const pointer = pointerTo('pods', type, 'tasks', name);
  const command = `${pointer}/cmd`;
  return [
    ...(task.cmd.trim() === ''
      ? [{ finding: Mistake.EmptyCommand(dotted(command)), pointer: command, warning: true }]
      : []),
    ...nameObjections(type, pod, name, task, pointer),
    ...setObjections(type, pod, name, task, suggest),
    ...variableObjections(task.env, pointer),
    ...configObjections(task.configs, pointer),
    ...pairObjections(labelsIn(task.labels), `${pointer}/labels`),
    ...certificateObjections(task, pointer),
    ...sharedMemoryObjections(task, pointer),
  ];
}

/** One label of a DNS name is 63 characters at most. */
function nameObjections(
  type: string,
  pod: PodDefinition,
  name: string,
  { discovery }: TaskDefinition,
  pointer: string,
): Objection[] {
  const last = Math.max(0, pod.count - 1);
  const longest = `${type}-${last}-${name}`;
  const found: Objection[] = [];
  if (longest.length > 63) found.push({ finding: Mistake.LongTaskName(longest), pointer, ofKey: true });
  const dns = `${discovery?.prefix ?? ''}-${last}`;
  if (dns.length > 63) found.push({ finding: Mistake.LongDnsName(dns), pointer: `${pointer}/discovery/prefix` });
  return found;
}

const OWN_RESOURCES = ['cpus', 'gpus', 'memory', 'ports', 'volume', 'volumes', 'resource-limits'] as const;

/** A task names a set of its pod, or has resources of its own. */
function setObjections(
  type: string,
  pod: PodDefinition,
  name: string,
  task: TaskDefinition,
  suggest: Suggest,
): Objection[] {
  const pointer = pointerTo('pods', type, 'tasks', name);
  const sets = pod['resource-sets'];
  const set = task['resource-set'];
  if (set === '') {
    const own = privateSetOf(name);
    if (!Object.hasOwn(sets, own)) return [];
    const at = pointerTo('pods', type, 'resource-sets', own);
    return [{ finding: Mistake.ResourceSetNameTaken(own, name), pointer: at, ofKey: true }];
  }
  const found: Objection[] = OWN_RESOURCES.filter((key) => task[key] !== undefined).map((key) => ({
    finding: Mistake.IgnoredResources(dotted(`${pointer}/${key}`), set),
    pointer: `${pointer}/${key}`,
    ofKey: true,
    warning: true,
  }));
  if (!Object.hasOwn(sets, set)) {
    const near = suggest(set, Object.keys(sets));
    found.push({ finding: Mistake.UnknownResourceSet(set, type, near), pointer: `${pointer}/resource-set` });
  }
  return found;
}

function certificateObjections(task: TaskDefinition, pointer: string): Objection[] {
  return repeats(
    task['transport-encryption'].map((certificate, at) => ({ ...certificate, at })),
    ({ name, type }) => `${type} ${name}`,
    ({ name, type, at }) => ({
      finding: Mistake.DuplicateCertificate(name, type),
      pointer: `${pointer}/transport-encryption/${at}/name`,
    }),
  );
}

function sharedMemoryObjections(task: TaskDefinition, pointer: string): Objection[] {
  if (task['shm-size'] === undefined) return [];
  if (task['ipc-mode'] === undefined) return [sizeWithoutMode(pointer)];
  if (task['ipc-mode'] === 'PRIVATE') return [];
  return [{ finding: Mistake.SizeOfShared(), pointer: `${pointer}/shm-size`, ofKey: true }];
}
