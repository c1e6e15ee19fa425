/**
 * Carries out removals: ends tasks for good, gives their resources back, forgets them; and at the end of an uninstall leaves Mesos
 * and wipes the store. Promises that nothing is forgotten while Mesos may still hold it, but what an uninstall says it gave up.
 */
import {
  type Draft,
  dropAbandoned,
  dropTask,
  isFull,
  note,
  putAbandoned,
  putInfo,
  putOverride,
  say,
  wake,
  write,
} from './draft.ts';
import { footprintIds } from './offer/reserved.ts';
import { isDone } from './order.ts';
import { isLeaving, removalOf, surplus, TLS_CLEANUP } from './plan/removal.ts';
import type { Service, TaskRecord } from './state.ts';
import { hasCertificates, secretsNamespace } from './tasks/launch/transport-encryption.ts';
import { podInstanceName } from './tasks/name.ts';
import { recordsByPod, recordsOfPod } from './tasks/pods.ts';
import { isGone, isLive, isWanted, podOf } from './tasks/record.ts';

/** Marks what the target does not have any more, and unmarks what it has again (scaling up cancels a removal). */
export function markSurplus(draft: Draft, service: Service): void {
  const leaving = new Set(surplus(service));
  if (leaving.size === 0 && ![...service.tasks.values()].some(isMarked)) return;
  for (const [name, records] of recordsByPod(service)) {
    if (isFull(draft)) return;
    if (leaving.has(name)) remember(draft, name, records);
    for (const record of records) {
      const marked = isMarked(record);
      if (leaving.has(name) && !marked)
        putOverride(draft, service, record, { goal: 'DECOMMISSIONED', status: 'PENDING' });
      if (leaving.has(name) || !marked) continue;
      putOverride(draft, service, record, undefined);
      draft.state.session.removals.delete(name);
    }
  }
}

function isMarked(record: TaskRecord): boolean {
  return record.override?.goal === 'DECOMMISSIONED';
}

/**
 * Tasks that left the definition of a pod that stays: once ended, what they alone held is given back, and they are forgotten.
 * (That they are ended follows from no plan launching them. One with a volume never gets here: such a change is refused.)
 */
export function removeDroppedTasks(draft: Draft, service: Service): void {
  let leaving: ReadonlySet<string> | undefined;
  for (const record of service.tasks.values()) {
    if (isLive(record) || isWanted(service, record)) continue;
    const pod = podOf(record.info);
    leaving ??= new Set(surplus(service));
    if (pod && leaving.has(podInstanceName(pod.type, pod.index))) continue;
    const others = pod ? recordsOfPod(service, pod.type, pod.index).filter((other) => other !== record) : [];
    const shared = new Set(others.flatMap((other) => footprintIds(other.info)));
    for (const id of footprintIds(record.info)) {
      if (!shared.has(id)) putAbandoned(draft, service, id, { agentId: record.info.agent_id.value });
    }
    dropTask(draft, service, record.info.name);
    note(draft, 'task left the definition', { task: record.info.name });
  }
}

/** What an uninstall begins with: everything there is. */
export function rememberAll(draft: Draft, service: Service): void {
  for (const [name, records] of recordsByPod(service)) remember(draft, name, records);
}

/** What a removal begins with, for showing how far it is. */
function remember(draft: Draft, name: string, records: readonly TaskRecord[]): void {
  const { removals } = draft.state.session;
  if (!removals.has(name)) removals.set(name, removalOf(name, records));
}

/** The next thing to do for a pod instance that is to go: end it, give its resources back, or forget it. */
export function removePod(draft: Draft, service: Service, instance: string, records: readonly TaskRecord[]): void {
  for (const record of records) {
    if (!isLeaving(record)) putOverride(draft, service, record, { goal: 'DECOMMISSIONED', status: 'IN_PROGRESS' });
  }
  if (records.some(isLive)) return;
  const ids = new Set(records.flatMap((record) => footprintIds(record.info)));
  for (const record of records) giveBack(draft, service, record);
  const { removals } = draft.state.session;
  const all = removals.get(instance)?.resourceIds ?? [...ids];
  if (all.some((id) => service.abandoned.has(id))) return;
  for (const record of records) dropTask(draft, service, record.info.name);
  note(draft, 'pod removed', { pod: instance });
  // The next one's turn has come; nothing from outside would tell us.
  wake(draft, draft.now);
}

/** The record's resources are nobody's from now on; they are unreserved when they are offered. */
function giveBack(draft: Draft, service: Service, record: TaskRecord): void {
  const ids = footprintIds(record.info);
  if (ids.length === 0) return;
  const { executor, agent_id } = record.info;
  if (!isGone(service, agent_id.value)) {
    for (const id of ids) putAbandoned(draft, service, id, { agentId: agent_id.value });
  }
  putInfo(draft, service, record.info.name, {
    ...record.info,
    resources: [],
    ...(executor ? { executor: { ...executor, resources: [] } } : {}),
  });
}

/** Everything at once; then TEARDOWN. What lost agents hold is given up after a while, and listed. */
export function uninstall(draft: Draft, service: Service): void {
  const { session, settings } = draft.state;
  if (!Number.isFinite(session.uninstallDeadline)) session.uninstallDeadline = draft.now + settings.uninstallPatienceMs;
  for (const [instance, records] of recordsByPod(service)) {
    if (isFull(draft)) return;
    removePod(draft, service, instance, records);
  }
  if (draft.now >= session.uninstallDeadline) giveUp(draft, service);
  else wake(draft, session.uninstallDeadline);
  if (service.tasks.size > 0 || service.abandoned.size > 0 || service.operations.size > 0 || session.tearingDown)
    return;
  if (holdsCertificates(draft, service)) return;
  session.tearingDown = true;
  note(draft, 'nothing is left; leaving Mesos', {});
  say(draft, { type: 'TEARDOWN' });
}

function giveUp(draft: Draft, service: Service): void {
  for (const [id, { agentId }] of service.abandoned) {
    note(draft, 'left on an agent that did not come back', { resourceId: id, agentId }, 'warn');
    dropAbandoned(draft, service, id);
  }
  for (const record of [...service.tasks.values()]) {
    if (isLive(record)) continue;
    dropTask(draft, service, record.info.name);
  }
}

/** Certificates that are still to be removed. Without an account for it, or when patience has ended, they stay, and it is said where. */
function holdsCertificates(draft: Draft, service: Service): boolean {
  const { session, settings } = draft.state;
  if (![...service.configs.values()].some(hasCertificates)) return false;
  const namespace = secretsNamespace(settings, service.name);
  const id = `${TLS_CLEANUP} ${namespace}`;
  const removal = { kind: 'removal', id, service: service.name, awaitedBy: TLS_CLEANUP, namespace } as const;
  if (settings.hasServiceAccount && isDone(draft, removal)) return false;
  if (settings.hasServiceAccount && draft.now < session.uninstallDeadline) return true;
  note(draft, 'certificates are left in the secret store', { namespace }, 'warn');
  return false;
}

/** The framework is gone from Mesos: nothing of the service is worth remembering. */
export function wipe(draft: Draft): void {
  for (const service of draft.state.services.values()) {
    service.uninstall = 'done';
    service.tasks.clear();
    service.operations.clear();
    service.abandoned.clear();
    service.properties.clear();
    service.intents.clear();
  }
  delete draft.state.frameworkId;
  write(draft, { kind: 'wipe' });
  note(draft, 'uninstalled', {});
}
