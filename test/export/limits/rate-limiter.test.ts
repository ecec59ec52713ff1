import { describe, expect, it } from 'vitest'
import {
  createRateLimiter,
  type LimitReason,
  type RateLimiter,
  RATES,
  UNLIMITED,
} from '../../../src/export/limits/rate-limiter.ts'

const MINUTE = 60_000

describe('the rate limiter', () => {
  it.each([
    ['public', 1000, 10_000, 1_000_000],
    ['private', 10_000, 100_000, 10_000_000],
  ] as const)(
    'gives %s mode %i spans a minute, %i an hour and %i bytes a minute',
    (mode, minute, hour, bytes) => {
      expect(RATES[mode]).toEqual({ spansPerMinute: minute, spansPerHour: hour, bytesPerMinute: bytes })

      const bySpans = createRateLimiter(RATES[mode], () => 0)
      expect(admitted(bySpans, 1, minute + 1)).toEqual([minute, 'spans_per_minute'])

      const byBytes = createRateLimiter(RATES[mode], () => 0)
      expect(byBytes.admit(bytes)).toBeUndefined()
      expect(byBytes.admit(1)).toBe('bytes_per_minute')

      let time = 0
      const byHour = createRateLimiter(RATES[mode], () => time)
      for (let round = 0; round < 10; round++) {
        expect(admitted(byHour, 1, minute)).toEqual([minute, undefined])
        time += MINUTE + 1000
      }
      expect(byHour.admit(1)).toBe('spans_per_hour')
      time = 61 * MINUTE + 1000
      expect(byHour.admit(1)).toBeUndefined()
    },
  )

  it('takes nothing from any limit for a span that it refuses', () => {
    const limiter = createRateLimiter(RATES.public, () => 0)
    expect(admitted(limiter, 2_000_000, 5000)).toEqual([0, 'bytes_per_minute'])
    expect(admitted(limiter, 1000, 1001)).toEqual([1000, 'spans_per_minute'])

    let time = 0
    const full = createRateLimiter(RATES.public, () => time)
    for (let round = 0; round < 10; round++) {
      // Ten thousand refused ones each minute, which would fill the hour at once.
      expect(admitted(full, 900, 11_000)).toEqual([1000, 'spans_per_minute'])
      time += MINUTE + 1000
    }
    expect(full.admit(1)).toBe('spans_per_hour')
  })

  it('charges bytes of refused spans to no later span', () => {
    let time = 0
    const limiter = createRateLimiter(RATES.public, () => time)
    admitted(limiter, 0, 1000)
    for (let index = 0; index < 1000; index++) limiter.admit(1_000_000)
    time = MINUTE + 1000
    expect(limiter.admit(1_000_000)).toBeUndefined()
  })

  it('limits nothing in local mode', () => {
    expect(admitted(UNLIMITED, 10_000_000, 20_000)).toEqual([20_000, undefined])
  })

  it('keeps to its part, which may change', () => {
    let part = 0.25
    const limiter = createRateLimiter(
      RATES.public,
      () => 0,
      () => part,
    )
    expect(admitted(limiter, 1, 500)).toEqual([250, 'spans_per_minute'])
    part = 0.5
    expect(admitted(limiter, 1, 500)).toEqual([250, 'spans_per_minute'])
  })

  it('advises fewer spans where others have used the hour, or this process before it began to count', () => {
    const limiter = createRateLimiter(RATES.private, () => 0)
    expect(limiter.budget(0)).toBe(4500)
    expect(limiter.budget(50_000)).toBe(2250)
    expect(limiter.budget(100_000)).toBe(500)
  })

  it('advises fewer spans the more of the hour is used, so that it is never used up', () => {
    let time = 0
    const limiter = createRateLimiter(RATES.public, () => time)
    const budgets = Array.from({ length: 180 }, () => {
      const budget = limiter.budget()
      expect(admitted(limiter, 1, budget)).toEqual([budget, undefined])
      time += MINUTE
      return budget
    })
    expect(budgets[0]).toBe(450)
    expect(Math.min(...budgets)).toBeGreaterThanOrEqual(50)
    const lastHour = budgets.slice(120).reduce((sum, budget) => sum + budget)
    expect(lastHour).toBeGreaterThan(0.6 * RATES.public.spansPerHour)
  })
})

/** How many of so many spans were admitted, and why the last one was not. */
function admitted(
  limiter: RateLimiter,
  bytes: number,
  spans: number,
): [count: number, last: LimitReason | undefined] {
  let count = 0
  let last: LimitReason | undefined
  for (let index = 0; index < spans; index++) {
    last = limiter.admit(bytes)
    if (last === undefined) count++
  }
  return [count, last]
}
