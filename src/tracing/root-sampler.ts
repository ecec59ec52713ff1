/** Decides whether a call without a parent is recorded. */
export interface RootSampler {
  /** True for the share of calls that the rate asks for. A few nanoseconds; makes no object. */
  shouldSample(): boolean
  /** The rate by which the last call that was sampled was let in, 0 to 1. */
  readonly rate: number
}

/** A sampler whose rate can be changed. */
export interface RatioSampler extends RootSampler {
  /** Holds from the next call on; 0 to 1. */
  setRate(rate: number): void
}

/** How a sampler with a fixed rate is made. */
export interface RootSamplerOptions {
  /** Share of calls, 0 to 1. */
  readonly rate: number
  /** Any 32-bit number. */
  readonly seed: number
  /** A bound from elsewhere, 0 to 1, that holds from one call to the next; asked only for calls that the rate lets in. */
  readonly bound?: () => number
}

const RANGE = 2 ** 32
const RATE_DIGITS = 6

/**
 * Makes a sampler with a fixed rate. It has a generator of its own, since drawing from `Math.random` would change the
 * numbers that an application with a fixed seed (`--random-seed`) sees.
 *
 * @see Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003
 */
export function createRootSampler({ rate, seed, bound = () => 1 }: RootSamplerOptions): RatioSampler {
  let own = rate
  let threshold = rate * RANGE
  let state = seed | 0 || 1
  let inForce = rate

  function shouldSample(): boolean {
    let next = state
    next ^= next << 13
    next ^= next >>> 17
    next ^= next << 5
    state = next
    return next >>> 0 < threshold && withinBound()
  }

  /** The same draw decides, so that the lower of the two rates holds exactly. */
  function withinBound(): boolean {
    const bounded = bound()
    if (state >>> 0 >= bounded * RANGE) return false
    inForce = Math.min(own, bounded)
    return true
  }

  function setRate(changed: number): void {
    own = Number(changed.toPrecision(RATE_DIGITS))
    threshold = own * RANGE
  }

  return {
    shouldSample,
    setRate,
    get rate() {
      return inForce
    },
  }
}
