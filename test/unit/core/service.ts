/** Small services to decide about, as a checked definition would be. */
import type { PodSpec, ServiceSpec, TaskSpec } from '../../../runtime/spec/service.ts';

import { plainPod, plainSet, plainTask } from '../../support/plain.ts';

export function task(name: string, change: Partial<TaskSpec> = {}): TaskSpec {
  return {
    name,
    goal: 'RUNNING',
    essential: true,
    resourceSet: { id: `${name}-resource-set`, cpus: 500, memoryMb: 128, ...plainSet },
    command: 'sleep 1000',
    environment: {},
    ...plainTask,
    killGracePeriodSeconds: 0,
    ...change,
  };
}

export function pod(type: string, change: Partial<PodSpec> = {}): PodSpec {
  return { ...plainPod, type, user: 'root', count: 1, allowDecommission: false, tasks: [task('server')], ...change };
}

export function service(...pods: PodSpec[]): ServiceSpec {
  return {
    name: 'shop',
    role: 'shop-role',
    principal: 'shop-principal',
    user: 'root',
    zookeeper: 'master.mesos:2181',
    pods,
  };
}
