/** What speaks against a definition whose fields are right one by one. Promises a pointer to the value to change. */
import type { Finding } from '../problem.ts';

export interface Objection {
  readonly finding: Finding;
  readonly pointer: string;
  /** The key is wrong, not the value. */
  readonly ofKey?: boolean;
  readonly warning?: boolean;
}

/** Finds what is there twice; the first keeps its place, and `repeated` says what is wrong with each later one. */
export function repeats<T>(
  items: Iterable<T>,
  key: (item: T) => string | undefined,
  repeated: (item: T, first: T) => Objection,
): Objection[] {
  const seen = new Map<string, T>();
  const found: Objection[] = [];
  for (const item of items) {
    const name = key(item);
    if (name === undefined) continue;
    const first = seen.get(name);
    if (first !== undefined) found.push(repeated(item, first));
    else seen.set(name, item);
  }
  return found;
}
