import * as fs from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createIdGenerator, SpanId, TraceId } from '../../src/tracing/ids.ts'

vi.mock('node:fs', { spy: true })
afterEach(() => {
  vi.mocked(fs.openSync).mockReset()
  vi.mocked(fs.readSync).mockReset()
})

describe('ids', () => {
  it('have the form of the W3C trace context and do not repeat', () => {
    const ids = createIdGenerator()
    const made = Array.from({ length: 5000 }, () => [String(ids.traceId()), String(ids.spanId())] as const)
    for (const [traceId, spanId] of made) {
      expect(traceId).toMatch(/^[0-9a-f]{32}$/)
      expect(spanId).toMatch(/^[0-9a-f]{16}$/)
    }
    expect(new Set(made.flat()).size).toBe(10_000)
  })

  it('are read from digits and written as the same digits', () => {
    for (const digits of ['0af7651916cd43dd8448eb211c80319c', 'f'.repeat(32), `${'0'.repeat(31)}1`]) {
      expect(String(TraceId.of(digits))).toBe(digits)
      expect(String(SpanId.of(digits.slice(16)))).toBe(digits.slice(16))
    }
  })

  it('are never all zeros, even where the random bytes are', () => {
    vi.mocked(fs.readSync).mockImplementation(((_: number, buffer: Buffer) => {
      buffer.fill(0)
      return buffer.length
    }) as typeof fs.readSync)
    const ids = createIdGenerator()
    expect(String(ids.traceId())).toMatch(/[^0]/)
    expect(String(ids.spanId())).toMatch(/[^0]/)
  })

  it('come from elsewhere where there is no random device, or it gives too little', () => {
    vi.mocked(fs.openSync).mockImplementation(() => {
      throw new Error('ENOENT')
    })
    const without = createIdGenerator()
    expect(without.traceId()).not.toEqual(without.traceId())
    vi.mocked(fs.openSync).mockReset()
    vi.mocked(fs.readSync).mockReturnValue(1)
    const short = createIdGenerator()
    expect(short.traceId()).not.toEqual(createIdGenerator().traceId())
  })
})
