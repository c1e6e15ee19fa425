/** What a command could not do, told to the person who typed it. Its message says what happened and what to do next. */

/** The exit codes of the operator's verbs, beside 0; the help of the verbs that use them says so too. */
export const EXIT = { failed: 1, unconfirmed: 2, late: 3, held: 4 } as const;

/** An expected failure: printed as `mainstay: error: <message>`, with its exit code, never with a stack. */
export class Failure extends Error {
  override name = 'Failure';
  readonly code: number;

  constructor(message: string, code: number = EXIT.failed) {
    super(message);
    this.code = code;
  }
}

/** Nobody answered, or somebody in between who cannot reach the scheduler: the next try may fare better. */
export class Unreachable extends Failure {
  override name = 'Unreachable';
}
