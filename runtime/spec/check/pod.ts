/** Rules between the fields of a pod and between its tasks. Promises every mistake once; never looks at other pods. */
import { Mistake } from '../catalogue.ts';
import type { PodDefinition } from '../definition.ts';
import type { Suggest } from '../nearest.ts';
import { pointerTo } from '../pointer.ts';
import { networkObjections, rlimitObjections } from './container.ts';
import type { Objection } from './objection.ts';
import { repeatedPorts, reservedBy, resourceObjections } from './resources.ts';
import { sizeWithoutMode, variableObjections } from './sandbox.ts';
import { secretObjections } from './secrets.ts';
import { taskObjections } from './task.ts';
import { externalVolumeObjections, podVolumeObjections } from './volumes.ts';

export function podObjections(type: string, pod: PodDefinition, suggest: Suggest): Objection[] {
  const pointer = pointerTo('pods', type);
  return [
    ...networkObjections(pod.networks, pointer),
    ...rlimitObjections(pod.rlimits, pointer),
    ...secretObjections(pod.secrets, pointer),
    ...variableObjections(pod.env, pointer),
    ...podVolumeObjections(pod, pointer),
    ...externalVolumeObjections(pod, pointer),
    ...seccompObjections(pod, pointer),
    ...(pod['shm-size'] !== undefined && pod['ipc-mode'] === undefined ? [sizeWithoutMode(pointer)] : []),
    ...repeatedPorts(type, pod),
    ...reservedBy(type, pod).flatMap(({ resources, pointer: at }) => resourceObjections(resources, at)),
    ...Object.entries(pod.tasks).flatMap(([name, task]) => taskObjections(type, pod, name, task, suggest)),
  ];
}

function seccompObjections(pod: PodDefinition, pointer: string): Objection[] {
  if (!pod['seccomp-unconfined'] || !pod['seccomp-profile-name']) return [];
  return [{ finding: Mistake.BothSeccomp(), pointer: `${pointer}/seccomp-profile-name`, ofKey: true }];
}
