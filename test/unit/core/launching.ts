/** What it takes to build the messages of a launch, without an offer to find a place in. */
import { defaultSettings } from '../../../runtime/core/state.ts';
import { type AssignedPort, type LaunchContext, taskInfo } from '../../../runtime/core/tasks/launch.ts';
import type { Offer, TaskInfo } from '../../../runtime/kit/mesos.ts';
import type { PodSpec, TaskSpec } from '../../../runtime/spec/service.ts';
import { service, task } from './service.ts';

export const offer: Offer = {
  id: { value: 'offer' },
  framework_id: { value: 'framework' },
  agent_id: { value: 'agent' },
  hostname: 'host-1',
};

/** The first instance of a pod type of the service `shop`, launched under the configuration `config`. */
export function contextOf(pod: PodSpec, change: Partial<LaunchContext> = {}): LaunchContext {
  return {
    settings: defaultSettings,
    frameworkId: 'framework',
    spec: service(pod),
    configId: 'config',
    pod,
    index: 0,
    offer,
    ...change,
  };
}

/** The ports of a task with the numbers that they have in the definition; dynamic ones get 31000. */
export function assigned({ resourceSet }: TaskSpec): AssignedPort[] {
  return resourceSet.ports.map(({ port, ...spec }) => ({ ...spec, number: port || 31_000 }));
}

/** The first task of the context's pod as it is told to Mesos. */
export function launched(context: LaunchContext, paused = false): TaskInfo {
  const first = context.pod.tasks[0] ?? task('server');
  return taskInfo(context, first, 'id', [], assigned(first), paused);
}
