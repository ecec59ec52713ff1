import { expect, test } from 'vitest'
import { addedDelay } from '../../bench/sections/event-loop-delay.ts'

/** Half a second of 500 delays of a millisecond, but for the longest. */
const window = (...longest: readonly number[]) => ({ count: 500, longest: [...longest, 1, 1, 1] })

test('compares the delay that one in a thousand exceeds', () => {
  // Of 1,000 delays, the longest is the one in a thousand; the next counts.
  const own = [window(9, 4), window(1)]
  const baseline = [window(2, 1.5), window(1)]
  expect(addedDelay(own, baseline).value).toBeCloseTo(4 - 1.5)
})

test('a single bad window widens the interval, and does not make the value', () => {
  const quiet = Array.from({ length: 40 }, () => window(2))
  const own = [window(90, 80, 70), ...quiet.slice(1)]
  const { value, high } = addedDelay(own, quiet)
  expect(value).toBe(0)
  expect(high).toBeGreaterThanOrEqual(0)
})
