import type { Mode } from '../../transport/wire.ts'
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts'

/** Which limit a span is over. */
export type LimitReason = 'spans_per_minute' | 'spans_per_hour' | 'bytes_per_minute'

/** Decides whether one more span may be sent. */
export interface RateLimiter {
  /**
   * Asks for one span, and takes its share of every limit if it may be sent.
   *
   * @param bytes size of the span as it is sent, after filtering
   * @returns undefined if the span may be sent, otherwise the limit it is over; then nothing is taken from any limit
   */
  admit(bytes: number): LimitReason | undefined
  /**
   * Spans a minute that this process does best to make from now on, so that the hour is not used up before it is over.
   *
   * @param usedByAll spans that all processes have sent within the hour, this one and those before it included
   */
  budget(usedByAll?: number): number
}

/** What one project is sent at most. */
export interface Rates {
  readonly spansPerMinute: number
  readonly spansPerHour: number
  readonly bytesPerMinute: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MEGABYTE = 1_000_000
/** What is left of the hour is spent over so many minutes, so that a short program may use more of it than a long one. */
const MINUTES_AHEAD = 20
/** A third of what the hour sustains: so much is left for the rest of it. */
const AT_LEAST = 1 / 180
/** The sampler meets its aim on average only. */
const HEADROOM = 0.9

/** The community's project is shared by everybody; any other is one user's, and Cloud Trace takes far more there. */
export const RATES: { readonly [K in Exclude<Mode, 'local'>]: Rates } = {
  public: { spansPerMinute: 1000, spansPerHour: 10_000, bytesPerMinute: MEGABYTE },
  private: { spansPerMinute: 10_000, spansPerHour: 100_000, bytesPerMinute: 10 * MEGABYTE },
}

/** No limits: the files of local mode are bounded by themselves. */
export const UNLIMITED: RateLimiter = { admit: () => undefined, budget: () => 0 }

/**
 * Limits one process to its part of the rates of a destination.
 *
 * @param now milliseconds; best a clock that only runs forwards, such as `performance.now`
 * @param part of the rates that this process may fill, above 0 and at most 1; may change
 */
export function createRateLimiter(
  rates: Rates,
  now: () => number,
  part: () => number = () => 1,
): RateLimiter {
  const window = (limit: number, length: number) =>
    createSlidingWindow({ limit: () => limit * part(), length, now })
  const minute = window(rates.spansPerMinute, MINUTE)
  const hour = window(rates.spansPerHour, HOUR)
  const volume = window(rates.bytesPerMinute, MINUTE)

  return {
    admit(bytes) {
      const takings: [LimitReason, SlidingWindow, number][] = [
        ['spans_per_minute', minute, 1],
        ['spans_per_hour', hour, 1],
        ['bytes_per_minute', volume, bytes],
      ]
      const over = takings.find(([, limited, amount]) => !limited.fits(amount))
      if (over) return over[0]
      for (const [, limited, amount] of takings) limited.add(amount)
      return undefined
    },
    budget(usedByAll = 0) {
      const anHour = rates.spansPerHour * part()
      const left = anHour - Math.max(hour.total(), usedByAll * part())
      const ahead = Math.max(anHour * AT_LEAST, left / MINUTES_AHEAD)
      return Math.max(1, Math.floor(HEADROOM * Math.min(rates.spansPerMinute * part(), ahead)))
    },
  }
}
