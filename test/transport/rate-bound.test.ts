import { describe, expect, it } from 'vitest'
import { loadRateBound, storeRateBound } from '../../src/transport/rate-bound.ts'
import { controlOf } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'

describe('the bounds of the sampling rate', () => {
  it('are none at first', () => {
    expect(loadRateBound(controlOf(allocateSpanQueue(1)))).toBe(1)
  })

  it('hold as the lowest of them, 0 included, until they are taken back', () => {
    const control = controlOf(allocateSpanQueue(1))
    storeRateBound(control, 'loadBound', 0.05)
    expect(loadRateBound(control)).toBe(0.05)
    storeRateBound(control, 'breakerBound', 0)
    expect(loadRateBound(control)).toBe(0)
    storeRateBound(control, 'breakerBound', 0.5)
    expect(loadRateBound(control)).toBe(0.05)
    storeRateBound(control, 'loadBound', undefined)
    expect(loadRateBound(control)).toBe(0.5)
    storeRateBound(control, 'breakerBound', undefined)
    expect(loadRateBound(control)).toBe(1)
  })
})
