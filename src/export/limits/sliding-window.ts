/** A window is counted in this many steps: what falls out of it is free again at most one step late. */
const STEPS = 60

/** Counts amounts over the last stretch of time. */
export interface SlidingWindow {
  /** Whether the amount still fits now. */
  fits(amount: number): boolean
  /** Takes the amount. */
  add(amount: number): void
  /** What it holds now. */
  total(): number
}

/** What a window holds. */
export interface SlidingWindowOptions {
  /** Most that any window of the length may hold; may change. */
  readonly limit: () => number
  /** Milliseconds. */
  readonly length: number
  /** Milliseconds from any origin. A step backwards counts as no time at all, so the window only frees later. */
  readonly now: () => number
}

/**
 * A sliding window in constant memory. A step counts until its end has left the window, not its beginning; hence whatever
 * stretch of the given length is looked at, not only those from one minute mark to the next, holds at most the limit.
 */
export function createSlidingWindow({ limit, length, now }: SlidingWindowOptions): SlidingWindow {
  const step = length / STEPS
  // One more than there are steps: the window covers the current and the oldest of them in part.
  const amounts = new Float64Array(STEPS + 1)
  let total = 0
  let current = 0
  let elapsed = 0
  let last = now()

  /** Moves on to the step of the present, and empties those that have left the window. */
  function advance(): void {
    const present = now()
    if (present > last) elapsed += present - last
    last = present
    const reached = Math.floor(elapsed / step)
    const passed = Math.min(reached - current, amounts.length)
    for (let index = 1; index <= passed; index++) {
      const slot = (current + index) % amounts.length
      total -= amounts[slot] ?? 0
      amounts[slot] = 0
    }
    current = reached
  }

  return {
    fits(amount) {
      advance()
      return total + amount <= limit()
    },
    add(amount) {
      advance()
      const slot = current % amounts.length
      amounts[slot] = (amounts[slot] ?? 0) + amount
      total += amount
    },
    total() {
      advance()
      return total
    },
  }
}
