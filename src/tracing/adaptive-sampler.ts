import { createRootPace, type RootPaceOptions } from './root-pace.ts'
import { createRootSampler, type RootSampler } from './root-sampler.ts'

/** What this thread has done is told to the others for one call in so many, and for each that is sampled. */
const LOOK_EVERY = 64

/** How the rate is found, and what it is used with. */
export interface AdaptiveSamplerOptions extends RootPaceOptions {
  /** Any 32-bit number. */
  readonly seed: number
  /** A bound from elsewhere, 0 to 1, see `root-sampler.ts`. */
  readonly bound?: () => number
}

/**
 * Makes a sampler that finds the rate by itself, together with those of the other threads that share its words, see
 * `root-pace.ts`. It has no timer; a call looks at the clock, the load and the rate now and then.
 */
export function createAdaptiveSampler(options: AdaptiveSamplerOptions): RootSampler {
  const { seed, bound = () => 1 } = options
  const pace = createRootPace(options)
  let { rate } = pace
  // What another thread has found holds at once where it is less.
  const sampler = createRootSampler({ rate, seed, bound: () => Math.min(bound(), pace.rate) })
  let roots = 0

  function shouldSample(): boolean {
    roots++
    const sampled = sampler.shouldSample()
    if (sampled || roots === LOOK_EVERY) look(sampled)
    return sampled
  }

  function look(sampled: boolean): void {
    const found = pace.count(roots, sampled ? 1 : 0)
    roots = 0
    if (found === rate) return
    rate = found
    sampler.setRate(rate)
  }

  return {
    shouldSample,
    get rate() {
      return sampler.rate
    },
  }
}
