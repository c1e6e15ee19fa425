/** Calls to Mesos in the words of a scenario: short, in order, and free of random ids. */
import type { Resource } from '../../runtime/kit/mesos.ts';
import type { Call, OfferOperation } from '../../runtime/kit/mesos-call.ts';

/** Names things that carry random ids. */
export interface Names {
  /** `meta-data-0-node` for a task id, whatever its uuid. */
  task(id: string): string;
  offer(id: string): string;
  operation(id: string): string;
}

export function callWords(call: Call, names: Names): string {
  switch (call.type) {
    case 'SUBSCRIBE':
      return call.framework_id ? 'SUBSCRIBE again' : 'SUBSCRIBE';
    case 'ACCEPT': {
      const offers = call.accept.offer_ids.map((id) => names.offer(id.value)).join(' ');
      return [`ACCEPT ${offers}`, ...(call.accept.operations ?? []).map((o) => `   ${operationWords(o, names)}`)].join(
        '\n',
      );
    }
    case 'DECLINE': {
      const offers = call.decline.offer_ids.map((id) => names.offer(id.value)).join(' ');
      return `DECLINE ${offers} for ${call.decline.filters?.refuse_seconds} s`;
    }
    case 'KILL':
      return `KILL ${names.task(call.kill.task_id.value)}`;
    case 'ACKNOWLEDGE':
      return `ACKNOWLEDGE ${names.task(call.acknowledge.task_id.value)}`;
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      return `ACKNOWLEDGE ${names.operation(call.acknowledge_operation_status.operation_id.value)}`;
    case 'RECONCILE': {
      const tasks = call.reconcile.tasks ?? [];
      return tasks.length === 0
        ? 'RECONCILE all'
        : `RECONCILE ${tasks.map((t) => names.task(t.task_id.value)).join(' ')}`;
    }
    case 'RECONCILE_OPERATIONS': {
      const operations = call.reconcile_operations.operations ?? [];
      return `RECONCILE_OPERATIONS ${operations.map((o) => names.operation(o.operation_id.value)).join(', ')}`;
    }
    case 'REVIVE':
    case 'SUPPRESS':
    case 'TEARDOWN':
      return call.type;
  }
}

export function operationWords(operation: OfferOperation, names: Names): string {
  switch (operation.type) {
    case 'RESERVE':
      return `RESERVE ${resourcesWords(operation.reserve.resources)}`;
    case 'UNRESERVE':
      return `UNRESERVE ${resourcesWords(operation.unreserve.resources)}`;
    case 'CREATE':
      return `CREATE ${resourcesWords(operation.create.volumes)}`;
    case 'DESTROY':
      return `DESTROY ${resourcesWords(operation.destroy.volumes)}`;
    case 'LAUNCH':
      return `LAUNCH ${operation.launch.task_infos.map((t) => names.task(t.task_id.value)).join(' ')}`;
    case 'LAUNCH_GROUP':
      return `LAUNCH ${operation.launch_group.task_group.tasks.map((t) => names.task(t.task_id.value)).join(' ')}`;
  }
}

function resourcesWords(resources: readonly Resource[]): string {
  return resources
    .map((resource) => {
      const volume = resource.disk?.volume?.container_path;
      const amount = resource.scalar
        ? String(resource.scalar.value)
        : (resource.ranges?.range ?? [])
            .map((r) => (r.begin === r.end ? `${r.begin}` : `${r.begin}-${r.end}`))
            .join(',');
      return `${volume ? `volume ${volume}` : resource.name} ${amount}`;
    })
    .join(', ');
}
