/** What a command could not do, told to the person who typed it. Its message says what happened and what to do next. */

/** An expected failure: printed as `mainstay: error: <message>`, exit code 1, never with a stack. */
export class Failure extends Error {
  override name = 'Failure';
}
