import { describe, expect, it } from 'vitest'
import { createSlidingWindow } from '../../../src/export/limits/sliding-window.ts'
import { createSeededRandom } from '../privacy/seeded-random.ts'

const LENGTH = 60_000

describe('a sliding window', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'holds at most its limit in any stretch of its length (seed %i)',
    (seed) => {
      const random = createSeededRandom(seed)
      const limit = 20 + random.below(200)
      let time = random.below(1_000_000)
      const window = createSlidingWindow({ limit: () => limit, length: LENGTH, now: () => time })
      const taken: { at: number; amount: number }[] = []
      for (let step = 0; step < 20_000; step++) {
        // Bursts, pauses around the length of the window and of a step, and crawling.
        time += random.pick([
          0,
          0,
          0,
          1,
          random.below(50),
          999,
          1000,
          1001,
          random.below(2) * random.below(70_000),
        ])
        const amount = 1 + random.below(random.pick([1, 1, 9]))
        if (!window.fits(amount)) continue
        window.add(amount)
        taken.push({ at: time, amount })
      }
      expect(fullest(taken)).toBeLessThanOrEqual(limit)
      expect(fullest(taken)).toBeGreaterThan(limit * 0.9)
    },
  )

  it('does not let twice the limit through at a boundary', () => {
    let time = 0
    const window = createSlidingWindow({ limit: () => 10, length: LENGTH, now: () => time })
    time = 59_990
    window.add(10)
    for (time = 60_000; time <= 119_990; time += 10) expect(window.fits(1)).toBe(false)
  })

  it('has room again once the window has passed, at most one step late', () => {
    let time = 0
    const window = createSlidingWindow({ limit: () => 10, length: LENGTH, now: () => time })
    window.add(10)
    time = LENGTH
    expect(window.fits(1)).toBe(false)
    time = LENGTH + LENGTH / 60
    expect(window.fits(10)).toBe(true)
  })

  it('passes the limit steadily: a full window every window and step', () => {
    let time = 0
    const window = createSlidingWindow({ limit: () => 600, length: LENGTH, now: () => time })
    let taken = 0
    for (; time < 100 * LENGTH; time += 50) {
      if (!window.fits(1)) continue
      window.add(1)
      taken++
    }
    expect(taken).toBeGreaterThanOrEqual(600 * 98)
  })

  it('never takes what is larger than its limit, and takes what is just as large', () => {
    const window = createSlidingWindow({ limit: () => 10, length: LENGTH, now: () => 0 })
    expect(window.fits(11)).toBe(false)
    expect(window.fits(10)).toBe(true)
  })

  it('frees nothing when the clock is set back, and goes on from there', () => {
    let time = 10_000_000
    const window = createSlidingWindow({ limit: () => 10, length: LENGTH, now: () => time })
    window.add(10)
    time = 0
    expect(window.fits(1)).toBe(false)
    time = LENGTH - 1
    expect(window.fits(1)).toBe(false)
    time = LENGTH + 1000
    expect(window.fits(10)).toBe(true)
  })

  it('never exceeds the limit in time that really passed, whatever the clock does backwards', () => {
    const random = createSeededRandom(99)
    let real = 0
    let offset = 0
    const window = createSlidingWindow({ limit: () => 50, length: LENGTH, now: () => real + offset })
    const taken: { at: number; amount: number }[] = []
    for (let step = 0; step < 20_000; step++) {
      real += random.below(200)
      if (random.below(50) === 0) offset -= random.below(100_000)
      if (!window.fits(1)) continue
      window.add(1)
      taken.push({ at: real, amount: 1 })
    }
    expect(fullest(taken)).toBeLessThanOrEqual(50)
  })
})

/** The most that lies in any stretch of the window's length, both ends included. */
function fullest(taken: readonly { at: number; amount: number }[]): number {
  let most = 0
  let sum = 0
  let oldest = 0
  for (const { at, amount } of taken) {
    sum += amount
    while (taken[oldest]!.at < at - LENGTH) sum -= taken[oldest++]!.amount
    most = Math.max(most, sum)
  }
  return most
}
