/** Ids and chance that are the same in every run with the same seed. */
import type { NewId } from '../../runtime/kit/clock.ts';

export interface Chance {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  int(below: number): number;
  /** True with this probability. */
  once(probability: number): boolean;
  pick<T>(of: readonly T[]): T;
}

/** mulberry32: small, fast and good enough to shuffle histories. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    once: (probability) => next() < probability,
    pick: (of) => {
      const chosen = of[int(of.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
  };
}

/** UUIDs that count: readable in a failure, and never the same twice. */
export function countingIds(prefix = 1): NewId {
  let count = 0;
  return () => `${prefix.toString(16).padStart(8, '0')}-0000-4000-8000-${(++count).toString(16).padStart(12, '0')}`;
}
