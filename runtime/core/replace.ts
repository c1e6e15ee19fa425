/**
 * Pods that are given up without an operator: those on an agent that the operator of Mesos marked gone, and those that stay down
 * longer than the replacement policy allows. Promises to mark only; recovery finds them a new place.
 */
import { type Draft, note, putInfo, putProgress, wake } from './draft.ts';
import { type Service, type TaskRecord, targetOf } from './state.ts';
import { podInstanceName } from './tasks/name.ts';
import { recordsOfPod } from './tasks/pods.ts';
import { definitionOf, isDown, isLive, isPermanentlyFailed, podOf, wasLaunched, withLabel } from './tasks/record.ts';

export function giveUpPods(draft: Draft, service: Service): void {
  for (const record of service.tasks.values()) {
    if (isLive(record) || !wasLaunched(record) || isPermanentlyFailed(record)) continue;
    if (record.status?.state === 'TASK_GONE_BY_OPERATOR') giveUp(draft, service, record, 'its agent is gone');
    else byPolicy(draft, service, record);
  }
}

function byPolicy(draft: Draft, service: Service, record: TaskRecord): void {
  const policy = targetOf(service).replacement;
  const { downSince } = record.progress;
  if (!policy || downSince === undefined || !isDown(record)) return;
  if (definitionOf(service, record)?.task.goal !== 'RUNNING') return;
  const lastAt = Math.max(
    ...[...service.tasks.values()].map((other) => other.progress.givenUpAt ?? Number.NEGATIVE_INFINITY),
  );
  const due = Math.max(
    downSince + policy.permanentFailureTimeoutSeconds * 1000,
    lastAt + policy.minReplaceDelaySeconds * 1000,
  );
  if (draft.now < due) wake(draft, due);
  else giveUp(draft, service, record, `down for ${Math.round((draft.now - downSince) / 1000)} s`);
}

/** The whole pod instance, with its volumes. */
function giveUp(draft: Draft, service: Service, record: TaskRecord, why: string): void {
  const pod = podOf(record.info);
  if (!pod) return;
  note(draft, 'pod is given up and will be replaced', { pod: podInstanceName(pod.type, pod.index), why }, 'warn');
  for (const other of recordsOfPod(service, pod.type, pod.index)) {
    if (!wasLaunched(other)) continue;
    putInfo(draft, service, other.info.name, withLabel(other.info, 'permanently-failed', 'true'));
    putProgress(draft, service, other, { givenUpAt: draft.now, backoff: undefined });
  }
}
