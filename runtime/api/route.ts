/**
 * What a resource offers: a table of routes. Promises that a GET is a function of committed state, and that a write only hands a
 * command to the scheduler; neither decides anything.
 */
import type { Command, Reply } from '../core/command.ts';
import type { Service, State } from '../core/state.ts';
import type { Answer } from './answer.ts';

/** Committed state, as the one who asks sees it. */
export interface View {
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly service: Service;
}

export interface Ask {
  /** What stands at `:name` in the path; empty when the path has no such part. */
  readonly name: string;
  /** Every named part of the path, percent-decoded. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Empty when there is none. */
  readonly body: Buffer;
  /** With its parameters. Absent when the client did not say. */
  readonly contentType?: string;
}

/** A command, and what its reply means to the one who asked; or the wish that the store is read anew. */
export type Order =
  | { readonly command: Command; readonly answer: (reply: Reply) => Answer }
  | { readonly reload: Answer };

/** An answer instead of an order: the question itself is wrong. */
export type MakeOrder = (view: View, ask: Ask) => Order | Answer | Promise<Order | Answer>;

export type Route = {
  readonly path: string;
  /** Also served while the service is taken down for good; all else is not there any more (http-api 11). */
  readonly duringUninstall?: true;
} & (
  | {
      readonly method: 'GET';
      readonly read: (view: View, ask: Ask) => Answer;
      /** `?wait=<seconds>`: answers once the status is no longer 202, or after so long. */
      readonly waits?: true;
    }
  | {
      readonly method: 'POST' | 'PUT';
      readonly order: MakeOrder;
      /** Said to a body that is longer than any may be; 413 otherwise. */
      readonly tooLong?: Answer;
    }
);
