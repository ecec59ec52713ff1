import { afterEach, beforeEach, expect, it, vi } from 'vitest'

let time = 0
beforeEach(() => {
  time = 1_000_000
  vi.resetModules()
  vi.doMock('../../src/tracing/clock.ts', () => ({ monotonicNow: () => time }))
})
afterEach(() => {
  vi.doUnmock('../../src/tracing/clock.ts')
})

it('admits ten in any second, not ten in each second of the clock', async () => {
  const { createErrorQuota } = await import('../../src/tracing/error-quota.ts')
  const quota = createErrorQuota()
  const takenAt: number[] = []
  for (let step = 0; step < 500; step++) {
    time += 17
    if (quota.take()) takenAt.push(time)
  }
  for (const [index, at] of takenAt.entries()) {
    expect(at - (takenAt[index - 10] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1000)
  }
  expect(takenAt.length).toBeGreaterThan(75)
})
