/**
 * Reconciliation: asks Mesos about everything in flight after each subscription, again with growing delays until all is answered,
 * and about everything it knows once an hour. Holds back only the pods that are not confirmed yet, never the service.
 */
import { type Draft, say, wake } from './draft.ts';
import type { Service } from './state.ts';
import { podInstanceName } from './tasks/name.ts';
import { isFinalState, podOf, wasLaunched } from './tasks/record.ts';

const FIRST_DELAY_MS = 8_000;
const LONGEST_DELAY_MS = 30_000;
const IMPLICIT_PERIOD_MS = 3_600_000;

/** Everything in flight becomes unconfirmed; the first requests go out in this frame. */
export function startReconciling(draft: Draft): void {
  const { session, services } = draft.state;
  for (const service of services.values()) {
    for (const record of service.tasks.values()) {
      if (wasLaunched(record) && !(record.status && isFinalState(record.status.state))) {
        session.unconfirmed.add(record.info.task_id.value);
      }
    }
    for (const id of service.operations.keys()) session.unconfirmedOperations.add(id);
  }
  session.reconcile = { nextAt: draft.now, delay: FIRST_DELAY_MS };
  session.implicitReconcileAt = draft.now;
}

/** Sends what is due. The agent's id always goes along: without it Mesos cannot tell gone from unknown (trace 08). */
export function reconcile(draft: Draft): void {
  const { session, services } = draft.state;
  if (session.implicitReconcileAt <= draft.now) {
    session.implicitReconcileAt = draft.now + IMPLICIT_PERIOD_MS;
    say(draft, { type: 'RECONCILE', reconcile: {} });
  }
  wake(draft, session.implicitReconcileAt);
  if (session.unconfirmed.size === 0 && session.unconfirmedOperations.size === 0) return;
  if (draft.now >= session.reconcile.nextAt) {
    const { delay } = session.reconcile;
    session.reconcile = { nextAt: draft.now + delay, delay: Math.min(delay * 2, LONGEST_DELAY_MS) };
    for (const service of services.values()) ask(draft, service);
  }
  wake(draft, session.reconcile.nextAt);
}

function ask(draft: Draft, service: Service): void {
  const { session } = draft.state;
  const tasks = [...service.tasks.values()]
    .filter((record) => session.unconfirmed.has(record.info.task_id.value))
    .map((record) => ({ task_id: record.info.task_id, agent_id: record.info.agent_id }));
  if (tasks.length > 0) say(draft, { type: 'RECONCILE', reconcile: { tasks } });
  const operations = [...service.operations]
    .filter(([id]) => session.unconfirmedOperations.has(id))
    .map(([id, operation]) => ({ operation_id: { value: id }, agent_id: { value: operation.agentId } }));
  if (operations.length > 0) say(draft, { type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations } });
}

/**
 * The pod instances that are left alone for now: `unconfirmed` because Mesos has not told us about a task of theirs yet,
 * `unsettled` because what was asked to be reserved for them may or may not be there.
 */
export function heldPods(
  draft: Draft,
  service: Service,
): { unconfirmed: ReadonlySet<string>; unsettled: ReadonlySet<string> } {
  const unconfirmed = new Set<string>();
  const unsettled = new Set<string>();
  for (const record of service.tasks.values()) {
    if (!draft.state.session.unconfirmed.has(record.info.task_id.value)) continue;
    const pod = podOf(record.info);
    if (pod) unconfirmed.add(podInstanceName(pod.type, pod.index));
  }
  for (const operation of service.operations.values()) if (operation.pod) unsettled.add(operation.pod);
  return { unconfirmed, unsettled };
}
