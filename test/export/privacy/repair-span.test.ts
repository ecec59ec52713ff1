import { describe, expect, it } from 'vitest'
import { repairSpan } from '../../../src/export/privacy/repair-span.ts'
import { spanOf } from './span-of.ts'

const NOW = Date.UTC(2026, 10, 24)
const DAY = 86_400_000
const IDS = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }
const TIMES = { start: NOW - 2000, end: NOW - 1000 }
const repair = (fields: Parameters<typeof spanOf>[0]) =>
  repairSpan(spanOf({ ...IDS, ...TIMES, ...fields }), NOW)

describe('a span that was refused', () => {
  it('is cut to the limits and keeps only the attributes of the agent', () => {
    const repaired = repair({
      name: 'n'.repeat(2000),
      attributes: { operation: 'main_loop', 'order.id': 'x'.repeat(100_000), ['k'.repeat(600)]: 1 },
      recorded: Array.from({ length: 300 }, () => ({ type: 'Error', at: NOW })),
      error: { type: 'Error', message: 'm'.repeat(100_000) },
    })
    expect(repaired?.name).toHaveLength(1024)
    expect(repaired?.attributes).toEqual({ operation: 'main_loop' })
    expect(repaired?.recorded).toBeUndefined()
    expect(repaired?.error?.message).toHaveLength(65_536)
  })

  it('gets a name, and times in the right order', () => {
    expect(repair({ name: '' })?.name).toBe('unnamed')
    expect(repair({ start: NOW - 1000, end: NOW - 2000 })).toMatchObject({
      start: NOW - 1000,
      end: NOW - 1000,
    })
    expect(repair({ end: Number.NaN })?.end).toBe(NOW - 2000)
    expect(repair({ end: NOW + 9 * DAY })?.end).toBe(NOW + DAY)
  })

  it('loses a parent that is none', () => {
    expect(repair({ parentSpanId: 'c'.repeat(16) })?.parentSpanId).toBe('c'.repeat(16))
    expect(repair({ parentSpanId: '0'.repeat(16) })).not.toHaveProperty('parentSpanId')
  })

  it.each([
    ['older than 14 days', { start: NOW - 14 * DAY - 1 }],
    ['of next week', { start: NOW + 7 * DAY, end: NOW + 8 * DAY }],
    ['without a time', { start: Number.NaN }],
    ['without a trace', { traceId: '0'.repeat(32) }],
    ['without an id', { spanId: '' }],
  ])('is given up if it is one %s', (_, fields) => {
    expect(repair(fields)).toBeUndefined()
  })
})
