/** Random numbers that a seed repeats. */

/** Uniform over [0, 1). */
export type Random = () => number;

/**
 * Mulberry32 (Ettinger, 2017): 32 bits of state, enough for initial weights and examples.
 *
 * @param seed - 0 to 2³² − 1
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 to `count` − 1. */
export function randomInteger(random: Random, count: number): number {
  return Math.floor(random() * count);
}
