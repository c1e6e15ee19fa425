/** Promises that a broken invariant ends the process with its name. Never used for what an operator or author can cause. */

export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${what}`);
}

/** Makes a switch over a closed union exhaustive: a new member is a compile error where this is called. */
export function assertNever(value: never): never {
  throw new Error(`invariant broken: unexpected ${JSON.stringify(value)}`);
}
