/** Restart, replace, pause and resume of a pod instance: its tasks are ended, and recovery brings them back as asked. */
import type { Reply } from './command.ts';
import { type Draft, note, putInfo, putOverride, putProgress } from './draft.ts';
import type { Override, Service, TaskRecord } from './state.ts';
import { podInstanceName } from './tasks/name.ts';
import { isLive, podOf, wasLaunched, withLabel } from './tasks/record.ts';

export type PodCommand =
  | { kind: 'pod-restart' | 'pod-replace'; service: string; pod: string }
  /** `tasks`: short or full names; absent means all of the pod. */
  | { kind: 'pod-pause' | 'pod-resume'; service: string; pod: string; tasks?: readonly string[] };

export function runPodCommand(draft: Draft, service: Service, command: PodCommand): Reply {
  const records = selected(service, command);
  if (records.length === 0) return { kind: 'not-found', what: `Pod ${command.pod}` };
  const launched = records.filter((record) => wasLaunched(record) && mayBe(record, command.kind));
  for (const record of launched) prepare(draft, service, record, command.kind);
  const tasks = launched.map((record) => record.info.name);
  note(draft, command.kind, { pod: command.pod, tasks: tasks.join(' ') });
  return { kind: 'pod', pod: command.pod, tasks };
}

/** What is on its way out is not paused, and not resumed. */
function mayBe(record: TaskRecord, kind: PodCommand['kind']): boolean {
  return record.override?.goal !== 'DECOMMISSIONED' || kind === 'pod-restart' || kind === 'pod-replace';
}

function prepare(draft: Draft, service: Service, record: TaskRecord, kind: PodCommand['kind']): void {
  switch (kind) {
    case 'pod-replace':
      putInfo(draft, service, record.info.name, withLabel(record.info, 'permanently-failed', 'true'));
      break;
    case 'pod-pause':
      if (isPaused(record.override)) return;
      putOverride(draft, service, record, { goal: 'PAUSED', status: 'PENDING' });
      break;
    case 'pod-resume':
      if (record.override?.goal !== 'PAUSED') return;
      putOverride(draft, service, record, { goal: 'NONE', status: 'PENDING' });
      break;
    case 'pod-restart':
      break;
  }
  putProgress(draft, service, record, {
    backoff: undefined,
    ...(isLive(record) ? { kill: record.info.task_id.value } : {}),
  });
}

function isPaused(override: Override | undefined): boolean {
  return override?.goal === 'PAUSED';
}

/** The records of the pod instance, or of the named tasks of it; none when any name is unknown. */
function selected(service: Service, command: PodCommand): TaskRecord[] {
  const records = [...service.tasks.values()]
    .filter((record) => {
      const place = podOf(record.info);
      return place !== undefined && podInstanceName(place.type, place.index) === command.pod;
    })
    .sort((a, b) => (a.info.name < b.info.name ? -1 : 1));
  const wanted = 'tasks' in command ? (command.tasks ?? []) : [];
  if (wanted.length === 0) return records;
  const named = (record: TaskRecord, name: string) =>
    record.info.name === name || record.info.name === `${command.pod}-${name}`;
  if (!wanted.every((name) => records.some((record) => named(record, name)))) return [];
  return records.filter((record) => wanted.some((name) => named(record, name)));
}
