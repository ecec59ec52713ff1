import { describe, expect, it } from 'vitest'
import { bucketEnd, methodStatistics } from '../../../src/cli/traces/method-statistics.ts'
import { span } from './span.ts'

function calls(name: string, durations: readonly number[], errors = 0) {
  return durations.map((duration, index) =>
    span(`${name}-${index}`, undefined, [0, duration], {
      name,
      errorType: index < errors ? 'TypeError' : undefined,
    }),
  )
}

describe('methodStatistics', () => {
  it('gives count, errors and the durations that 50, 95 and 99 of 100 calls did not exceed', () => {
    const durations = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(methodStatistics(calls('run', durations, 3))[0]).toMatchObject({
      name: 'run',
      count: 100,
      errors: 3,
      p50: 50,
      p95: 95,
      p99: 99,
      longest: 100,
    })
  })

  it('gives the one duration there is for every percentile of a single call', () => {
    expect(methodStatistics(calls('run', [7]))[0]).toMatchObject({ p50: 7, p95: 7, p99: 7 })
  })

  it('lists the method that took most time first', () => {
    const spans = [...calls('often', [1, 1, 1, 1]), ...calls('long', [9])]
    expect(methodStatistics(spans).map(({ name }) => name)).toEqual(['long', 'often'])
  })

  it('counts each call in the bucket whose end it does not exceed, the longest ones in the last', () => {
    const durations = [0, bucketEnd(0), bucketEnd(3), bucketEnd(3) + 0.001, 10_000_000]
    const { histogram } = methodStatistics(calls('run', durations))[0]!
    expect(histogram[0]).toBe(2)
    expect(histogram[3]).toBe(1)
    expect(histogram[4]).toBe(1)
    expect(histogram.at(-1)).toBe(1)
  })
})
