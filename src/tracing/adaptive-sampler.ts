import { monotonicNow } from './clock.ts'
import { createRootSampler, type RootSampler } from './root-sampler.ts'

const FIRST_RATE = 0.1
const LOWEST_RATE = 0.01
const CORRECTION_MS = 60_000
const SECOND_MS = 1000
const BURST_FACTOR = 10
/** The clock is read for one call in so many, and for each that is sampled. */
const LOOK_EVERY = 64

/** How the rate is found. */
export interface AdaptiveSamplerOptions {
  /** Sampled roots a second that are aimed at. */
  readonly targetPerSecond: number
  /** The rate never goes above this, 0 to 1. */
  readonly mostRate: number
  /** Any 32-bit number. */
  readonly seed: number
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number
}

/**
 * Makes a sampler that finds the rate by itself: every minute the rate becomes what would have met the target in the
 * minute that has passed, and at once when a second brings ten times the target. It has no timer; a call looks at the
 * clock now and then.
 */
export function createAdaptiveSampler(options: AdaptiveSamplerOptions): RootSampler {
  const { targetPerSecond, mostRate, seed, now = monotonicNow } = options
  const lowest = Math.min(LOWEST_RATE, mostRate)
  let rate = Math.min(FIRST_RATE, mostRate)
  const sampler = createRootSampler(rate, seed)
  let roots = 0
  let minuteStart = now()
  let second = { start: minuteStart, sampled: 0 }

  function shouldSample(): boolean {
    roots++
    const sampled = sampler.shouldSample()
    if (sampled || roots % LOOK_EVERY === 0) look(sampled)
    return sampled
  }

  function look(sampled: boolean): void {
    const time = now()
    if (time - second.start >= SECOND_MS) second = { start: time, sampled: 0 }
    if (sampled && ++second.sampled >= BURST_FACTOR * targetPerSecond) {
      setRate(rate / BURST_FACTOR)
      second = { start: time, sampled: 0 }
    }
    if (time - minuteStart >= CORRECTION_MS) {
      setRate((targetPerSecond * (time - minuteStart)) / SECOND_MS / roots)
      roots = 0
      minuteStart = time
    }
  }

  function setRate(wanted: number): void {
    rate = Math.min(mostRate, Math.max(lowest, wanted))
    sampler.setRate(rate)
  }

  return { shouldSample }
}
