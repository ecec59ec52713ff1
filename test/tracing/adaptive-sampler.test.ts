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

  it('comes back slowly when the load has gone, and takes silence for no load', () => {
    let time = 0
    const sampler = createAdaptiveSampler({ targetPerSecond: 100, mostRate: 1, seed: 42, now: () => time })
    const run = (callsPerSecond: number, seconds: number): void => {
      for (let call = 0; call < callsPerSecond * seconds; call++) {
        time += SECOND / callsPerSecond
        sampler.shouldSample()
      }
    }
    run(10_000, 61)
    expect(sampler.rate).toBeCloseTo(0.01, 3)
    run(64, 61)
    expect(sampler.rate).toBeLessThan(0.1)
    time += 600 * SECOND
    run(64, 2)
    expect(sampler.rate).toBe(1)
  })

  it('lets a burst go by, and is back where it was soon after', () => {
    let time = 0
    const sampler = createAdaptiveSampler({ targetPerSecond: 10, mostRate: 1, seed: 42, now: () => time })
    const run = (callsPerSecond: number, seconds: number): number => {
      let sampled = 0
      for (let call = 0; call < callsPerSecond * seconds; call++) {
        time += SECOND / callsPerSecond
        if (sampler.shouldSample()) sampled++
      }
      return sampled / seconds
    }
    run(50, 70)
    expect(run(50, 10)).toBeCloseTo(10, -1)
    expect(run(5000, 2)).toBeLessThan(120)
    run(50, 30)
    expect(run(50, 10)).toBeGreaterThan(6)
  })

  it('samples fewer roots where each brings many spans, so that the budget is kept', () => {
    let time = 0
    let spans = 0
    const sampler = createAdaptiveSampler({
      targetPerSecond: 100,
      mostRate: 1,
      seed: 42,
      spansMade: () => spans,
      spanBudget: () => 1000,
      now: () => time,
    })
    const minute = (): number => {
      const before = spans
      for (let call = 0; call < 200 * 60; call++) {
        time += SECOND / 200
        if (sampler.shouldSample()) spans += 5
      }
      return spans - before
    }
    minute()
    minute()
    expect(minute()).toBeGreaterThan(850)
    expect(minute()).toBeLessThan(1150)
  })
})
