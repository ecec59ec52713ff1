import { expect, it } from 'vitest'
import { wrappedSince } from '../../src/tracing/wrapped-since.ts'

it.each([
  ['some time', 1000, 4500, 3500],
  ['nothing', 1000, 1000, 0],
  ['a start that another thread has moved on a little further', 1003, 1000, 0],
  ['more than half of the range', 5, 2 ** 31 + 1005, 2 ** 31 + 1000],
  ['a clock past the range', -500 | 0, 2 ** 32 + 500, 1000],
])('measures %s', (_, start, now, elapsed) => {
  expect(wrappedSince(start, now)).toBe(elapsed)
})
