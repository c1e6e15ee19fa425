/**
 * The only place where offer operations are made. Promises the order in which Mesos can apply them, and that nothing empty leaves:
 * an operation on no resource, 0 cpus or no port is refused by a real master, or ends it (trace 22).
 */
import { assert } from '../../kit/assert.ts';
import type { NewId } from '../../kit/clock.ts';
import type { ExecutorInfo, Resource, TaskInfo } from '../../kit/mesos.ts';
import type { OfferOperation } from '../../kit/mesos-call.ts';
import { isNothing } from '../../kit/resources.ts';
import type { OperationRecord } from '../state.ts';
import type { Claims } from './claim.ts';
import { resourceIdsOf, withoutVolume } from './reserved.ts';

export interface Operations {
  /** In the order in which Mesos shall apply them. */
  readonly operations: OfferOperation[];
  /** To remember each operation that carries an id. */
  readonly pending: { readonly id: string; readonly operation: OperationRecord }[];
}

/** DESTROY, UNRESERVE, RESERVE, CREATE of a launch; `instance` waits for what it reserves and creates. */
export function operationsOf(claims: Claims, agentId: string, instance: string, newId: NewId): Operations {
  const { freed, shrunk, reserves, volumes, freshIds } = claims;
  const made: Operations = { operations: [], pending: [] };
  const add = (type: OperationRecord['type'], resources: readonly Resource[], resourceIds: string[], pod?: string) => {
    if (resources.length === 0) return;
    const id = newId();
    const operation = conversion(type, id, resources);
    if (!operation) return;
    made.operations.push(operation);
    made.pending.push({ id, operation: { type, agentId, resourceIds, ...(pod === undefined ? {} : { pod }) } });
  };
  if (freed.length > 0 || shrunk.length > 0) {
    add(
      'DESTROY',
      freed.filter((resource) => resource.disk?.persistence),
      [],
    );
    add('UNRESERVE', [...freed.map(withoutVolume), ...shrunk], resourceIdsOf(freed));
  }
  add('RESERVE', reserves, [...freshIds], instance);
  add('CREATE', volumes, resourceIdsOf(volumes), instance);
  return made;
}

/** One operation on all of these; undefined when they come to nothing. */
export function conversion(
  type: OperationRecord['type'],
  id: string,
  resources: readonly Resource[],
): OfferOperation | undefined {
  const named = resources.filter((resource) => !isNothing(resource));
  if (named.length === 0) return undefined;
  switch (type) {
    case 'DESTROY':
      return { type, id: { value: id }, destroy: { volumes: named } };
    case 'UNRESERVE':
      return { type, id: { value: id }, unreserve: { resources: named } };
    case 'RESERVE':
      return { type, id: { value: id }, reserve: { resources: named } };
    case 'CREATE':
      return { type, id: { value: id }, create: { volumes: named } };
  }
}

/** A task in a group of its own, so that the end of one does not end the others (scheduler-behaviour 4.9, trace 03). */
export function launchGroup(executor: ExecutorInfo, task: TaskInfo): OfferOperation {
  assert(task.task_id.value !== '', 'a launch without a task id');
  assert(!task.resources?.some(isNothing), 'a launch on nothing');
  return { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks: [task] } } };
}
