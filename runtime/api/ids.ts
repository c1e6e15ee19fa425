/**
 * The ids of plans' phases and steps. Promises one id an element while the process lives: plans are made anew for every look, and
 * clients of the field expect the id of an element to stay.
 */
import type { NewId } from '../kit/clock.ts';

/** The id of the element at this path of names: plan, phase, step. */
export type ElementIds = (...path: readonly string[]) => string;

export function createElementIds(newId: NewId): ElementIds {
  const known = new Map<string, string>();
  return (...path) => {
    const key = JSON.stringify(path);
    const id = known.get(key) ?? newId();
    known.set(key, id);
    return id;
  };
}
