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

it('admits ten of all threads that share its words', async () => {
  const { createErrorQuota, ERROR_QUOTA_WORDS } = await import('../../src/tracing/error-quota.ts')
  const words = new Int32Array(new SharedArrayBuffer(ERROR_QUOTA_WORDS * 4))
  const quotas = Array.from({ length: 8 }, () => createErrorQuota(words))
  const take = (): number => quotas.flatMap((quota) => [quota.take(), quota.take()]).filter(Boolean).length
  expect(take()).toBe(10)
  time += 999
  expect(take()).toBe(0)
  time += 1
  expect(take()).toBe(10)
})
