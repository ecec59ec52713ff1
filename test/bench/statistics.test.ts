import { describe, expect, it } from 'vitest'
import { differences, estimateMedian, median, seededRandom, shuffled } from '../../bench/statistics.ts'

describe('median', () => {
  it('is the value in the middle, however the values are ordered', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  it('is the mean of the two in the middle of an even count', () => {
    expect(median([10, 1, 2, 4])).toBe(3)
  })

  it('leaves its argument as it was', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })

  it('refuses to be taken of nothing', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})

describe('differences', () => {
  it('pairs by round', () => {
    expect(differences([11, 22, 33], [1, 2, 3])).toEqual([10, 20, 30])
  })

  it('refuses rounds that cannot be paired', () => {
    expect(() => differences([1], [1, 2])).toThrow('1 rounds cannot be paired with 2')
  })
})

describe('estimateMedian', () => {
  it('gives an interval without width for values without spread', () => {
    expect(estimateMedian([7, 7, 7, 7])).toEqual({ value: 7, low: 7, high: 7 })
  })

  it('is the same in every run', () => {
    const values = Array.from({ length: 31 }, (_, index) => (index * 37) % 31)
    expect(estimateMedian(values)).toEqual(estimateMedian(values))
  })

  it('holds the true median in about 95 of 100 samples', () => {
    const random = seededRandom(20)
    const samples = Array.from({ length: 100 }, () => Array.from({ length: 30 }, random))
    const holding = samples
      .map((values) => estimateMedian(values))
      .filter(({ low, high }) => low <= 0.5 && high >= 0.5)
    expect(holding.length).toBeGreaterThan(87)
    expect(holding.length).toBeLessThan(100)
  })

  it('is not moved by one wild value', () => {
    const { value, high } = estimateMedian([
      ...Array.from({ length: 29 }, (_, index) => 1 + index / 100),
      5000,
    ])
    expect(value).toBeLessThan(1.3)
    expect(high).toBeLessThan(1.3)
  })
})

describe('shuffled', () => {
  it('holds the same values, and each of them comes first now and then', () => {
    const random = seededRandom(3)
    const orders = Array.from({ length: 50 }, () => shuffled(['a', 'b', 'c'], random))
    for (const order of orders) expect([...order].sort()).toEqual(['a', 'b', 'c'])
    expect(new Set(orders.map(([first]) => first)).size).toBe(3)
  })
})
