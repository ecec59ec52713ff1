import { monotonicNow } from './clock.ts'

const MOST_A_SECOND = 10
const SECOND_MS = 1000

/** Admits a few things a second. */
export interface ErrorQuota {
  /** Takes one, unless ten were taken within the last second. */
  take(): boolean
}

/** Admits ten in any second: the time of the tenth last decides. */
export function createErrorQuota(): ErrorQuota {
  const taken: number[] = []
  let next = 0

  function take(): boolean {
    const now = monotonicNow()
    const tenthLast = taken[next]
    if (tenthLast !== undefined && now - tenthLast < SECOND_MS) return false
    taken[next] = now
    next = (next + 1) % MOST_A_SECOND
    return true
  }

  return { take }
}
