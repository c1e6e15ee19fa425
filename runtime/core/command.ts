/**
 * What operators may ask of the scheduler. Promises that an answer means done for good: the intent is stored in the frame that
 * answers, and followed up from the store.
 */
import { type Draft, note, putInfo, putProgress } from './draft.ts';
import type { Service, TaskRecord } from './state.ts';
import { podInstanceName } from './tasks/name.ts';
import { isLive, podOf, wasLaunched, withLabel } from './tasks/record.ts';

export type Command =
  | { kind: 'pod-restart'; service: string; pod: string }
  | { kind: 'pod-replace'; service: string; pod: string };

export type Reply =
  /** Full names of the tasks that are ended. */
  { kind: 'pod'; pod: string; tasks: readonly string[] } | { kind: 'not-found'; what: string };

export function runCommand(draft: Draft, command: Command): Reply {
  const service = draft.state.services.get(command.service);
  if (!service) return { kind: 'not-found', what: `Service ${command.service}` };
  const records = recordsOf(service, command.pod);
  if (records.length === 0) return { kind: 'not-found', what: `Pod ${command.pod}` };
  const launched = records.filter(wasLaunched);
  for (const record of launched) {
    if (command.kind === 'pod-replace') {
      putInfo(draft, service, record.info.name, withLabel(record.info, 'permanently-failed', 'true'));
    }
    if (isLive(record)) putProgress(draft, service, record, { kill: record.info.task_id.value });
  }
  note(draft, command.kind, { pod: command.pod, tasks: launched.map((record) => record.info.name).join(' ') });
  return { kind: 'pod', pod: command.pod, tasks: launched.map((record) => record.info.name) };
}

function recordsOf(service: Service, pod: string): TaskRecord[] {
  return [...service.tasks.values()]
    .filter((record) => {
      const place = podOf(record.info);
      return place !== undefined && podInstanceName(place.type, place.index) === pod;
    })
    .sort((a, b) => (a.info.name < b.info.name ? -1 : 1));
}
