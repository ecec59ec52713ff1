import { describe, expect, it } from 'vitest'
import { fairShare } from '../../../src/export/limits/fair-share.ts'

describe('the fair share of a limit', () => {
  it('is everything for one alone', () => {
    expect(fairShare(1000, [])).toBe(1000)
  })

  it('is an equal part where all want more', () => {
    expect(
      fairShare(
        1000,
        Array.from({ length: 7 }, () => 5000),
      ),
    ).toBe(125)
  })

  it('is what those leave who want little', () => {
    expect(fairShare(1000, [10, 20, 0])).toBe(970)
    expect(fairShare(1000, [10, 900])).toBe(495)
  })

  it('never adds up to more than the limit', () => {
    const demands = [5, 80, 400, 400, 2000]
    const taken = demands.map((demand, index) =>
      Math.min(demand, fairShare(1000, demands.toSpliced(index, 1))),
    )
    expect(taken.reduce((sum, share) => sum + share)).toBe(1000)
  })
})
