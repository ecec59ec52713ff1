/** Numbers for randomized tests, the same in every run (mulberry32). */
export interface SeededRandom {
  /** At least 0, below `bound`, whole. */
  below(bound: number): number
  pick<T>(from: readonly T[]): T
}

/** @param seed part of a failing test's message, so that it can be repeated */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed
  const below = (bound: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
  return { below, pick: (from) => from[below(from.length)]! }
}
