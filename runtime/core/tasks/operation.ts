/**
 * Operation feedback: only OPERATION_FINISHED means that a reservation or volume is there (trace 19). What failed or never
 * arrived is taken out of the records, so that the next launch reserves anew instead of waiting for what was never made.
 */
import type { OperationState, OperationStatus, Resource } from '../../kit/mesos.ts';
import { type Draft, dropAbandoned, dropOperation, note, putAbandoned, putInfo, say } from '../draft.ts';
import { resourceIdOf } from '../offer/reserved.ts';
import type { OperationRecord, Service } from '../state.ts';
import { podInstanceName } from './name.ts';
import { podOf } from './record.ts';

const OUTCOME = {
  OPERATION_FINISHED: 'done',
  OPERATION_FAILED: 'failed',
  OPERATION_ERROR: 'failed',
  OPERATION_DROPPED: 'failed',
  OPERATION_UNSUPPORTED: 'failed',
  // Mesos has never heard of it: the process ended, or the connection broke, before the ACCEPT was received.
  OPERATION_UNKNOWN: 'failed',
  OPERATION_GONE_BY_OPERATOR: 'gone',
  OPERATION_PENDING: 'open',
  OPERATION_UNREACHABLE: 'open',
  OPERATION_RECOVERING: 'open',
} as const satisfies Record<OperationState, 'done' | 'failed' | 'gone' | 'open'>;

export function onOperation(draft: Draft, status: OperationStatus): void {
  const id = status.operation_id?.value;
  if (id === undefined) return;
  for (const service of draft.state.services.values()) {
    const operation = service.operations.get(id);
    if (operation) settle(draft, service, id, operation, status);
  }
  if (status.uuid) {
    const agent = status.agent_id ? { agent_id: status.agent_id } : {};
    say(draft, {
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledge_operation_status: { ...agent, uuid: status.uuid.value, operation_id: { value: id } },
    });
  }
}

function settle(draft: Draft, service: Service, id: string, operation: OperationRecord, status: OperationStatus): void {
  const outcome = OUTCOME[status.state];
  if (outcome === 'open') return;
  dropOperation(draft, service, id);
  // What was on an agent that is gone for good needs no giving back, and what was to be made there was not.
  const making = operation.type === 'RESERVE' || operation.type === 'CREATE';
  if (outcome === 'failed' || (outcome === 'gone' && making)) {
    const { type, agentId, pod } = operation;
    note(
      draft,
      'operation failed',
      { operation: type, state: status.state, says: status.message, pod, agentId },
      'warn',
    );
    // A clean-up that failed is tried again when the resources are next offered.
    if (making) strip(draft, service, operation);
    return;
  }
  if (operation.type === 'UNRESERVE')
    for (const resourceId of operation.resourceIds) dropAbandoned(draft, service, resourceId);
}

/**
 * The pod's records forget what was not made. After a failed CREATE its disk may still be reserved: that is cleaned up when it is
 * offered. After a failed RESERVE there is nothing.
 */
function strip(draft: Draft, service: Service, operation: OperationRecord): void {
  const gone = new Set(operation.resourceIds);
  const found = new Set<string>();
  const keep = (resource: Resource) => {
    const id = resourceIdOf(resource) ?? '';
    if (gone.has(id)) found.add(id);
    return !gone.has(id);
  };
  for (const [task, record] of service.tasks) {
    const pod = podOf(record.info);
    if (!pod || podInstanceName(pod.type, pod.index) !== operation.pod) continue;
    const { info } = record;
    const resources = (info.resources ?? []).filter(keep);
    const executor = info.executor && { ...info.executor, resources: (info.executor.resources ?? []).filter(keep) };
    putInfo(draft, service, task, { ...info, resources, ...(executor ? { executor } : {}) });
  }
  if (operation.type === 'CREATE') {
    for (const id of found) putAbandoned(draft, service, id, { agentId: operation.agentId });
  } else {
    for (const id of gone) dropAbandoned(draft, service, id);
  }
}
