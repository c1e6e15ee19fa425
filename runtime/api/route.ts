/**
 * What a resource offers: a table of routes. Promises that a GET is a function of committed state, and that a POST only hands a
 * command to the scheduler; neither decides anything.
 */
import type { Command, Reply } from '../core/command.ts';
import type { Service, State } from '../core/state.ts';
import type { Answer } from './answer.ts';
import type { ElementIds } from './ids.ts';

/** Committed state, as a GET sees it. */
export interface View {
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly service: Service;
  readonly ids: ElementIds;
}

export interface Ask {
  /** What stands at `:name` in the path; empty when the path has no such part. */
  readonly name: string;
  readonly query: Readonly<Record<string, unknown>>;
}

export type Route =
  | { readonly method: 'GET'; readonly path: string; readonly read: (view: View, ask: Ask) => Answer }
  | {
      readonly method: 'POST';
      readonly path: string;
      readonly command: (service: string, ask: Ask) => Command;
      readonly answer: (reply: Reply) => Answer;
    };
