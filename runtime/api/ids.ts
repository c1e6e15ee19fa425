/**
 * The ids of plans' phases and steps. Promises one id an element while the process lives: plans are made anew for every look, and
 * clients of the field expect the id of an element to stay.
 */
import type { NewId } from '../kit/clock.ts';

export interface ElementIds {
  /** The id of the element at this path of names: plan, phase, step. */
  idOf(...path: readonly string[]): string;
  /** The name of the element below `parent` that was shown under this id; undefined when there was none. */
  nameOf(id: string, ...parent: readonly string[]): string | undefined;
}

export function createElementIds(newId: NewId): ElementIds {
  const known = new Map<string, string>();
  return {
    idOf(...path) {
      const key = JSON.stringify(path);
      const id = known.get(key) ?? newId();
      known.set(key, id);
      return id;
    },
    nameOf(id, ...parent) {
      const key = [...known].find(([, other]) => other === id.toLowerCase())?.[0];
      const path: string[] = key === undefined ? [] : JSON.parse(key);
      const isBelow = path.length === parent.length + 1 && parent.every((name, at) => name === path[at]);
      return isBelow ? path.at(-1) : undefined;
    },
  };
}
