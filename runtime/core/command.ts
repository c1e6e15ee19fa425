/**
 * What operators may ask of the scheduler. Promises that an answer means done for good: the intent is stored in the frame that
 * answers, and followed up from the store.
 */
import type { Draft } from './draft.ts';
import { type PlanCommand, runPlanCommand } from './plan-command.ts';
import { type PodCommand, runPodCommand } from './pod-command.ts';

export type Command = PodCommand | PlanCommand;

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
  return command.kind.startsWith('pod-')
    ? runPodCommand(draft, service, command as PodCommand)
    : runPlanCommand(draft, service, command as PlanCommand);
}
