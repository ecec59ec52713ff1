import { monotonicNow } from './clock.ts'
import { createRootSampler, type RootSampler } from './root-sampler.ts'

const FIRST_RATE = 0.1
const LOWEST_RATE = 0.01
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const BURST_FACTOR = 10
/** What is taken for the load falls to this share in a minute at most, and a burst to that in a second. */
const SLOWEST_MINUTE = 1 / 4
const SLOWEST_SECOND = 0.8
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
  /** A bound from elsewhere, 0 to 1, see `root-sampler.ts`. */
  readonly bound?: () => number
  /** How many spans the process has made, descendants included, modulo 2^32. */
  readonly spansMade?: () => number
  /** How many spans a minute the process may make, descendants included; 0: not known. */
  readonly spanBudget?: () => number
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number
}

/**
 * Makes a sampler that finds the rate by itself, from the load: calls a second. It follows a load that rises at the end
 * of each minute, and at once when a second brings ten times the target; a load that falls it follows slowly, so that
 * what comes and goes does not swing the rate. Where the spans of a trace are so many that the budget would be exceeded,
 * fewer roots are sampled, as a trace that is cut by a limit is worth little. It has no timer; a call looks at the clock
 * now and then. Before the first minute is over, the rate is never above the first one, and below it for a burst
 * or a budget.
 */
export function createAdaptiveSampler(options: AdaptiveSamplerOptions): RootSampler {
  const { targetPerSecond, mostRate, now = monotonicNow, spansMade = () => 0, spanBudget = () => 0 } = options
  const lowest = Math.min(LOWEST_RATE, mostRate)
  const first = Math.min(FIRST_RATE, mostRate)
  const sampler = createRootSampler({ ...options, rate: first })
  /** Calls a second; 0 until the first minute is over. */
  let load = 0
  /** Calls a second of a burst that is more than the load; 0: none. It is no part of the minute. */
  let burst = 0
  let burstStart = 0
  let spansPerRoot = 1
  let roots = 0
  const start = now()
  let minute = { start, roots: 0, sampled: 0, spans: spansMade() }
  let second = { start, roots: 0, sampled: 0 }

  function shouldSample(): boolean {
    roots++
    const sampled = sampler.shouldSample()
    if (sampled || roots % LOOK_EVERY === 0) look(sampled)
    return sampled
  }

  function look(sampled: boolean): void {
    const time = now()
    if (sampled) {
      minute.sampled++
      second.sampled++
    }
    if (time - second.start >= SECOND_MS) endSecond(time)
    else if (second.sampled >= BURST_FACTOR * aim()) burstOf(time)
    if (time - minute.start >= MINUTE_MS) endMinute(time)
  }

  function endMinute(time: number): void {
    const measured = callsASecond(minute, time)
    load = Math.max(measured, load * SLOWEST_MINUTE ** ((time - minute.start) / MINUTE_MS))
    countSpansPerRoot()
    nextMinute(time)
    correct()
  }

  function countSpansPerRoot(): void {
    const spans = (spansMade() - minute.spans) | 0
    if (minute.sampled > 0) spansPerRoot = Math.max(1, spans / minute.sampled)
  }

  /** Others, or processes before this one, may have left little of the budget: a minute of the first rate may be too much. */
  function keepFirstMinuteWithinBudget(time: number): void {
    countSpansPerRoot()
    const budget = rootBudget()
    if (budget === 0) return
    sampler.setRate(Math.min(first, Math.max(lowest, budget / callsASecond(minute, time))))
  }

  function nextMinute(time: number): void {
    minute = { start: time, roots, sampled: 0, spans: spansMade() }
  }

  function burstOf(time: number): void {
    if (burst === 0) burstStart = time
    burst = callsASecond(second, time)
    nextSecond(time)
    correct()
  }

  function endSecond(time: number): void {
    const measured = callsASecond(second, time)
    const faded = burst * SLOWEST_SECOND ** ((time - second.start) / SECOND_MS)
    nextSecond(time)
    if (burst === 0) return load === 0 ? keepFirstMinuteWithinBudget(time) : undefined
    burst = Math.max(faded, measured)
    // What lasts is no burst but the load.
    if (time - burstStart >= MINUTE_MS) {
      load = burst
      nextMinute(time)
    }
    correct()
  }

  function nextSecond(time: number): void {
    if (burst > 0) {
      minute.start += time - second.start
      minute.roots += roots - second.roots
    }
    second = { start: time, roots, sampled: 0 }
  }

  function callsASecond(since: { readonly start: number; readonly roots: number }, time: number): number {
    return ((roots - since.roots) * SECOND_MS) / Math.max(1, time - since.start)
  }

  /** Sampled roots a second: the target, unless the budget allows less. */
  function aim(): number {
    const budget = rootBudget()
    return budget > 0 ? Math.min(targetPerSecond, budget) : targetPerSecond
  }

  /** Sampled roots a second that the budget of spans allows; 0: not known. */
  function rootBudget(): number {
    return (spanBudget() * SECOND_MS) / MINUTE_MS / spansPerRoot
  }

  function correct(): void {
    const steady = load > 0 ? load : targetPerSecond / FIRST_RATE
    if (burst <= steady) burst = 0
    sampler.setRate(Math.min(mostRate, Math.max(lowest, aim() / Math.max(steady, burst))))
  }

  return {
    shouldSample,
    get rate() {
      return sampler.rate
    },
  }
}
