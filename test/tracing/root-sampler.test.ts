import { describe, expect, it, vi } from 'vitest'
import { createRootSampler } from '../../src/tracing/root-sampler.ts'

const CALLS = 100_000

function sampled(rate: number, seed: number, calls = CALLS): number {
  const sampler = createRootSampler(rate, seed)
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
      const sampler = createRootSampler(0.5, seed)
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
})
