import { monotonicNow } from './clock.ts'
import { wrappedSince } from './wrapped-since.ts'

const MOST_A_SECOND = 10
const SECOND_MS = 1000
/** The word that counts what was taken; after it, when the last ten were. */
const TAKEN = 0

/** How many words the threads share. */
export const ERROR_QUOTA_WORDS: number = 1 + MOST_A_SECOND

/** Admits a few things a second. */
export interface ErrorQuota {
  /** Takes one, unless ten were taken within the last second. */
  take(): boolean
}

/**
 * Admits ten in any second, of all threads together: the time of the tenth last decides.
 *
 * @param words {@link ERROR_QUOTA_WORDS} words that the threads share, zero at first; left out: there is one thread
 */
export function createErrorQuota(words: Int32Array = new Int32Array(ERROR_QUOTA_WORDS)): ErrorQuota {
  function take(): boolean {
    for (;;) {
      const time = Math.trunc(monotonicNow())
      const taken = Atomics.load(words, TAKEN)
      const slot = TAKEN + 1 + ((taken >>> 0) % MOST_A_SECOND)
      const tenthLast = Atomics.load(words, slot)
      if (tenthLast !== 0 && wrappedSince(tenthLast, time) < SECOND_MS) return false
      if (Atomics.compareExchange(words, TAKEN, taken, (taken + 1) | 0) !== taken) continue
      Atomics.store(words, slot, time || 1)
      return true
    }
  }

  return { take }
}
