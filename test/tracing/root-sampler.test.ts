import { describe, expect, it, vi } from 'vitest'
import { createRootSampler } from '../../src/tracing/root-sampler.ts'

const CALLS = 100_000

function sampled(rate: number, seed: number, calls = CALLS): number {
  const sampler = createRootSampler({ rate, seed })
  let count = 0
  for (let call = 0; call < calls; call++) if (sampler.shouldSample()) count++
  return count
}

describe('the sampler of root spans', () => {
  it('samples nothing at rate 0 and everything at rate 1', () => {
    expect(sampled(0, 1)).toBe(0)
    expect(sampled(1, 1)).toBe(CALLS)
  })

  it.each([
    [0.1, 42],
    [0.1, 0],
    [0.1, -1],
    [0.5, 2 ** 31],
    [0.01, 7],
    [0.9, 123_456_789],
  ])('samples the share %f within five standard deviations, with seed %i', (rate, seed) => {
    const deviation = Math.sqrt(CALLS * rate * (1 - rate))
    expect(Math.abs(sampled(rate, seed) - CALLS * rate)).toBeLessThan(5 * deviation)
  })

  it('decides alike for the same seed, and otherwise for another', () => {
    const decisions = (seed: number): boolean[] => {
      const sampler = createRootSampler({ rate: 0.5, seed })
      return Array.from({ length: 64 }, () => sampler.shouldSample())
    }
    expect(decisions(5)).toEqual(decisions(5))
    expect(decisions(5)).not.toEqual(decisions(6))
  })

  it('draws nothing from the random numbers of the application', () => {
    const random = vi.spyOn(Math, 'random')
    sampled(0.5, 1, 100)
    expect(random).not.toHaveBeenCalled()
  })

  it('samples no more than a bound that comes and goes, and says by which rate', () => {
    let bounded = 1
    const sampler = createRootSampler({ rate: 0.5, seed: 1, bound: () => bounded })
    const share = (): number => {
      let count = 0
      for (let call = 0; call < CALLS; call++) if (sampler.shouldSample()) count++
      return count / CALLS
    }
    expect([share(), sampler.rate]).toEqual([expect.closeTo(0.5, 1), 0.5])
    bounded = 0.05
    expect([share(), sampler.rate]).toEqual([expect.closeTo(0.05, 2), 0.05])
    bounded = 0
    expect(share()).toBe(0)
    bounded = 0.9
    expect([share(), sampler.rate]).toEqual([expect.closeTo(0.5, 1), 0.5])
  })

  it('asks for the bound only where the rate lets a call in', () => {
    const bound = vi.fn(() => 1)
    const sampler = createRootSampler({ rate: 0.01, seed: 1, bound })
    for (let call = 0; call < CALLS; call++) sampler.shouldSample()
    expect(bound.mock.calls.length).toBeLessThan(CALLS * 0.02)
  })
})
