/**
 * What operators may ask of the scheduler. Promises that an answer means done for good: the intent is stored in the frame that
 * answers, and followed up from the store.
 */
import type { Draft } from './draft.ts';
import { type FileCommand, runFileCommand } from './file-command.ts';
import { type PlanCommand, runPlanCommand } from './plan-command.ts';
import { type PodCommand, runPodCommand } from './pod-command.ts';

export type Command = PodCommand | PlanCommand | FileCommand;

export type Reply =
  /** Full names of the tasks that are ended. */
  | { kind: 'pod'; pod: string; tasks: readonly string[] }
  | { kind: 'done' }
  /** The element is in that state already. */
  | { kind: 'already' }
  | { kind: 'not-found'; what: string }
  | { kind: 'bad-request'; message: string };

export function runCommand(draft: Draft, command: Command): Reply {
  const service = draft.state.services.get(command.service);
  if (!service) return { kind: 'not-found', what: `Service ${command.service}` };
  switch (command.kind) {
    case 'pod-restart':
    case 'pod-replace':
    case 'pod-pause':
    case 'pod-resume':
      return runPodCommand(draft, service, command);
    case 'file-put':
      return runFileCommand(draft, service, command);
    default:
      return runPlanCommand(draft, service, command);
  }
}
