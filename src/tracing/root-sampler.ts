/** Decides whether a call without a parent is recorded. */
export interface RootSampler {
  /** True for the share of calls that the rate asks for. A few nanoseconds; makes no object. */
  shouldSample(): boolean
}

/** A sampler whose rate can be changed. */
export interface RatioSampler extends RootSampler {
  /** Holds from the next call on; 0 to 1. */
  setRate(rate: number): void
}

const RANGE = 2 ** 32

/**
 * Makes a sampler with a fixed rate. It has a generator of its own, since drawing from `Math.random` would change the
 * numbers that an application with a fixed seed (`--random-seed`) sees.
 *
 * @param rate share of calls, 0 to 1
 * @param seed any 32-bit number
 * @see Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003
 */
export function createRootSampler(rate: number, seed: number): RatioSampler {
  let threshold = rate * RANGE
  let state = seed | 0 || 1

  function shouldSample(): boolean {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0 < threshold
  }

  function setRate(changed: number): void {
    threshold = changed * RANGE
  }

  return { shouldSample, setRate }
}
