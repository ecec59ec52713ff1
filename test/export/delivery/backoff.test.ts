import { expect, it } from 'vitest'
import { backoffMs } from '../../../src/export/delivery/backoff.ts'

it('grows from 1 s to 30 s, and is spread over all of that', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map((failures) => backoffMs(failures, 1))).toEqual([
    1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
  ])
  expect(backoffMs(3, 0)).toBe(0)
  expect(backoffMs(3, 0.5)).toBe(2000)
  expect(backoffMs(5000, 1)).toBe(30_000)
})
