import type { RootSampler } from './root-sampler.ts'

/** A sampler that counts what it decides. */
export interface CountedSampler extends RootSampler {
  /** Calls without a parent that it was asked for. */
  readonly calls: number
  /** Those of them that are recorded. */
  readonly sampled: number
}

/** Counts what a sampler decides: for who looks at a program, as the counting costs each call a little. */
export function createCountedSampler(sampler: RootSampler): CountedSampler {
  let calls = 0
  let sampled = 0
  return {
    shouldSample() {
      calls++
      const decision = sampler.shouldSample()
      if (decision) sampled++
      return decision
    },
    get rate() {
      return sampler.rate
    },
    get calls() {
      return calls
    },
    get sampled() {
      return sampled
    },
  }
}
