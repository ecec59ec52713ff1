import { ExponentialBackoff, fullJitterGenerator, type IBackoff } from 'cockatiel'

const FIRST_MS = 1000
const LARGEST_MS = 30_000

/** The pauses between tries. */
export interface RetryPauses {
  /** The pause before the next try, in milliseconds; longer each time. */
  next(): number
  /** A try has succeeded: the pauses begin anew. */
  reset(): void
}

/**
 * Exponential pauses with full jitter, so that many processes do not come back together: somewhere between nothing and
 * 1 s, 2 s, 4 s … 30 s.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createRetryPauses(): RetryPauses {
  const first = new ExponentialBackoff({
    initialDelay: FIRST_MS,
    maxDelay: LARGEST_MS,
    generator: fullJitterGenerator,
  })
  let last: IBackoff<unknown> | undefined
  return {
    next() {
      last = last ? last.next(undefined) : first.next()
      return last.duration
    },
    reset() {
      last = undefined
    },
  }
}
