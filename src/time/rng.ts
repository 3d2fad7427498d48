/** Chance as an argument: a number in [0, 1) at each call, like `Math.random`. */
export type Rng = () => number;

/**
 * A random source that repeats itself for the same seed.
 *
 * mulberry32 by Tommy Ettinger (public domain): 32 bits of state, passes gjrand, plenty for jitter and tests.
 */
export const seededRng = (seed: number): Rng => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
