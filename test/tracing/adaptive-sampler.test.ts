import { describe, expect, it } from 'vitest'
import { createAdaptiveSampler } from '../../src/tracing/adaptive-sampler.ts'

const SECOND = 1000

/** Calls a sampler evenly over some seconds of a clock of its own; gives how many were sampled in each. */
function simulate(options: {
  target: number
  mostRate?: number
  callsPerSecond: number
  seconds: number
}): number[] {
  let time = 0
  const { target, mostRate = 1, callsPerSecond, seconds } = options
  const sampler = createAdaptiveSampler({ targetPerSecond: target, mostRate, seed: 42, now: () => time })
  return Array.from({ length: seconds }, () => {
    let sampled = 0
    for (let call = 0; call < callsPerSecond; call++) {
      time += SECOND / callsPerSecond
      if (sampler.shouldSample()) sampled++
    }
    return sampled
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('a sampler that finds its rate', () => {
  it('starts at a tenth', () => {
    expect(mean(simulate({ target: 100, callsPerSecond: 500, seconds: 30 }))).toBeCloseTo(50, -1)
  })

  it('meets the target after a minute, whether it has to go up or down', () => {
    for (const callsPerSecond of [200, 2000, 5000]) {
      const later = simulate({ target: 100, callsPerSecond, seconds: 150 }).slice(90)
      expect(mean(later)).toBeGreaterThan(85)
      expect(mean(later)).toBeLessThan(115)
    }
  })

  it('samples everything where there is little', () => {
    expect(mean(simulate({ target: 100, callsPerSecond: 5, seconds: 200 }).slice(120))).toBe(5)
  })

  it('never goes below one in a hundred', () => {
    const later = simulate({ target: 1, callsPerSecond: 2000, seconds: 200 }).slice(130)
    expect(mean(later)).toBeCloseTo(20, -1)
  })

  it('never goes above the bound that was set', () => {
    expect(
      mean(simulate({ target: 100, mostRate: 0.2, callsPerSecond: 100, seconds: 200 }).slice(130)),
    ).toBeCloseTo(20, -1)
  })

  it('cuts a burst of ten times the target within the second', () => {
    const [first = 0, second = 0] = simulate({ target: 10, callsPerSecond: 20_000, seconds: 2 })
    expect(first).toBeLessThan(20_000 * 0.1)
    expect(second).toBeLessThan(400)
  })
})
