/**
 * What the rules of a history are told while it goes on, all of it from outside the scheduler: its wire, its disk, the processes
 * and volumes of the cluster. Throwing a `Violation` ends the history.
 */
import type { Command, Reply } from '../../runtime/core/command.ts';
import type { Call, MesosEvent } from '../../runtime/kit/mesos-call.ts';
import type { Process } from './agents.ts';

export interface Observer {
  /** The scheduler has said this to Mesos. */
  called?(call: Call): void;
  /** The scheduler is about to take this in. */
  delivered?(event: MesosEvent): void;
  /** Its event stream began anew, or broke. */
  streamChanged?(): void;
  /** An operator is about to ask. */
  commanded?(command: Command): void;
  replied?(command: Command, reply: Reply): void | Promise<void>;
  /** The scheduler has taken something in and acted on it. */
  frame?(): void;
  /** The process died; its disk is as it will be found. */
  died?(): void;
  /** Started with a new definition, or with none. */
  started?(): void;
  /** A process begins on an agent. */
  ran?(process: Process): void;
  removedVolume?(path: string): void;
}

export class Violation extends Error {
  override name = 'Violation';
  readonly rule: number;

  constructor(rule: number, what: string) {
    super(`invariant ${rule}: ${what}`);
    this.rule = rule;
  }
}

export function broken(rule: number, what: string): never {
  throw new Violation(rule, what);
}
