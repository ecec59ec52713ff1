import { afterEach, expect, it, vi } from 'vitest'
import { createRetryPauses } from '../../../src/export/delivery/retry-pause.ts'

afterEach(() => vi.restoreAllMocks())

const take = (random: number, count: number): number[] => {
  vi.spyOn(Math, 'random').mockReturnValue(random)
  const pauses = createRetryPauses()
  return Array.from({ length: count }, () => pauses.next())
}

it('grows from 1 s to 30 s, and is spread over all of that', () => {
  expect(take(1, 7)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  expect(take(0, 3)).toEqual([0, 0, 0])
  expect(take(0.5, 3)).toEqual([500, 1000, 2000])
  expect(take(1, 2000).at(-1)).toBe(30_000)
})

it('begins anew after a success', () => {
  vi.spyOn(Math, 'random').mockReturnValue(1)
  const pauses = createRetryPauses()
  for (let failure = 0; failure < 4; failure++) pauses.next()
  pauses.reset()
  expect([pauses.next(), pauses.next()]).toEqual([1000, 2000])
})
