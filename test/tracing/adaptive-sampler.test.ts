import { describe, expect, it } from 'vitest'
import { createAdaptiveSampler } from '../../src/tracing/adaptive-sampler.ts'
import { ROOT_PACE_WORDS } from '../../src/tracing/root-pace.ts'

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

describe('samplers of several threads of a process', () => {
  const TARGET = 50

  /** Threads that share what they see, and call in turns by a clock of their own. */
  function startProcess() {
    let time = 0
    const words = new Int32Array(new SharedArrayBuffer(ROOT_PACE_WORDS * 4))
    const hire = (seed: number) =>
      createAdaptiveSampler({ targetPerSecond: TARGET, mostRate: 1, seed, words, now: () => time })
    /** Gives how many were sampled a second, of all threads together, where each makes its part of the calls. */
    const run = (samplers: readonly ReturnType<typeof hire>[], callsPerSecond: number, seconds: number) => {
      let sampled = 0
      for (let call = 0; call < callsPerSecond * seconds; call++) {
        time += SECOND / callsPerSecond
        if (samplers[call % samplers.length]?.shouldSample()) sampled++
      }
      return sampled / seconds
    }
    const pass = (seconds: number) => {
      time += seconds * SECOND
    }
    return { hire, run, pass }
  }

  it('meet the target together, each at the same rate', () => {
    const { hire, run } = startProcess()
    const threads = Array.from({ length: 8 }, (_, seed) => hire(seed + 1))
    run(threads, 2000, 61)
    const sampled = run(threads, 2000, 60)
    expect(sampled).toBeGreaterThan(0.85 * TARGET)
    expect(sampled).toBeLessThan(1.15 * TARGET)
    for (const { rate } of threads) expect(rate).toBeCloseTo(0.025, 2)
    expect(new Set(threads.map(({ rate }) => rate)).size).toBe(1)
  })

  it('cut a burst of ten times the target that no thread makes alone', () => {
    const { hire, run } = startProcess()
    const threads = Array.from({ length: 8 }, (_, seed) => hire(seed + 1))
    // Of the first rate each thread would sample less than four times the target.
    expect(run(threads, 15_000, 1)).toBeLessThan(14 * TARGET)
    expect(run(threads, 15_000, 1)).toBeLessThan(4 * TARGET)
  })

  it('go on where the others are when they come later, however short they live', () => {
    const { hire, run } = startProcess()
    run([hire(1)], 5000, 61)
    expect(run([hire(2)], 5000, 1)).toBeLessThan(2 * TARGET)
    let last = 0
    for (let seed = 3; seed < 20; seed++) last = run([hire(seed)], 1000, 10)
    // No thread was there for a whole minute: the load has fallen to a fifth, and the rate has followed.
    expect(last).toBeGreaterThan(0.7 * TARGET)
    expect(last).toBeLessThan(1.4 * TARGET)
  })

  it('find a rate that changed while they did nothing', () => {
    const { hire, run, pass } = startProcess()
    const [idle, busy] = [hire(1), hire(2)]
    run([idle, busy], 20, 61)
    expect([idle.rate, busy.rate]).toEqual([1, 1])
    run([busy], 5000, 61)
    run([idle], 5000, 1)
    expect(idle.rate).toBeLessThan(0.02)
    pass(3600)
    run([busy], 20, 10)
    expect(busy.rate).toBe(1)
  })
})
