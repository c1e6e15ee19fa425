/**
 * What operators have asked for in a history, and with it what the scheduler may do to tasks and volumes. Counts what was asked,
 * answered or not: what a command allows may happen before its answer is read.
 */
import type { Command } from '../../runtime/core/command.ts';

export interface Asked {
  /** Pod instances whose tasks may be ended. */
  readonly touched: Set<string>;
  /** Pod instances whose volumes are given up, until they have new ones. */
  readonly replaced: Set<string>;
  /** A plan was restarted, stopped or forced: its steps may be out of order from now on. */
  steered: boolean;
  /** A step was forced: what it was to launch may never run. */
  forced: boolean;
}

export function newAsked(): Asked {
  return { touched: new Set(), replaced: new Set(), steered: false, forced: false };
}

export function noteGiven(asked: Asked, command: Command): void {
  switch (command.kind) {
    case 'pod-replace':
      asked.replaced.add(command.pod);
      asked.touched.add(command.pod);
      return;
    case 'pod-restart':
    case 'pod-pause':
    case 'pod-resume':
      asked.touched.add(command.pod);
      return;
    case 'plan-force-complete':
      asked.forced = true;
      asked.steered = true;
      return;
    case 'plan-restart':
    case 'plan-stop':
    case 'plan-start':
      asked.steered = true;
      return;
    default:
  }
}
