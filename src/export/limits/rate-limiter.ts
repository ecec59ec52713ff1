import type { Mode } from '../../transport/wire.ts'
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts'

/** Which limit a span is over. */
export type LimitReason = 'spans_per_minute' | 'spans_per_hour' | 'bytes_per_minute'

/** Decides whether one more span may be sent; an implementation may count for a process or for a whole machine. */
export interface RateLimiter {
  /**
   * Asks for one span, and takes its share of every limit if it may be sent.
   *
   * @param bytes size of the span as it is sent, after filtering
   * @returns undefined if the span may be sent, otherwise the limit it is over; then nothing is taken from any limit
   */
  admit(bytes: number): LimitReason | undefined
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

/** The community's project is shared by everybody; any other is one user's, and Cloud Trace takes far more there. */
export const RATES: { readonly [K in Exclude<Mode, 'local'>]: Rates } = {
  public: { spansPerMinute: 1000, spansPerHour: 10_000, bytesPerMinute: MEGABYTE },
  private: { spansPerMinute: 10_000, spansPerHour: 100_000, bytesPerMinute: 10 * MEGABYTE },
}

/**
 * Limits one process to the rates of its destination. Local mode has none: its files are bounded by themselves.
 *
 * @param now milliseconds; best a clock that only runs forwards, such as `performance.now`
 */
export function createRateLimiter(mode: Mode, now: () => number): RateLimiter {
  if (mode === 'local') return { admit: () => undefined }
  const rates = RATES[mode]
  const window = (limit: number, length: number) => createSlidingWindow({ limit, length, now })
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
  }
}
