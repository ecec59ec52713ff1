import { expect, it } from 'vitest'
import { createSpanCounters } from '../../../src/export/metrics/span-counters.ts'

it('adds up what was delivered, and what was dropped by reason', () => {
  const counters = createSpanCounters()
  expect([counters.deliveredTotal, counters.droppedTotals.size]).toEqual([0, 0])
  counters.delivered(3)
  counters.delivered(4)
  counters.dropped('rejected', 1)
  counters.dropped('rejected', 2)
  counters.dropped('queue_full', 5)
  expect(counters.deliveredTotal).toBe(7)
  expect(Object.fromEntries(counters.droppedTotals)).toEqual({ rejected: 3, queue_full: 5 })
})

it('begins at zero for each pipeline', () => {
  createSpanCounters().delivered(1)
  expect(createSpanCounters().deliveredTotal).toBe(0)
})
