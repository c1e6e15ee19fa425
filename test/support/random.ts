/** Chance that can be had again: the same seed, the same numbers. Promises nothing else. */

/** `SEED` of the environment, else a new one. Print it: a failure is only worth something with its seed. */
export function seedOf(env: NodeJS.ProcessEnv = process.env): number {
  return Number(env['SEED'] ?? Date.now() % 1_000_000);
}

/** Numbers in [0, 1), as mulberry32 draws them. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
