import { describe, expect, it } from 'vitest'
import { createConsoleExporter } from '../../../src/export/exporters/console.ts'
import { makeSpan } from './make-span.ts'

describe('the exporter console', () => {
  it('writes one line for each span, with everything it was given', async () => {
    const lines: string[] = []
    const exporter = createConsoleExporter((line) => lines.push(line))
    const error = { type: 'TypeError', message: 'first\nsecond' }
    const span = makeSpan({ name: 'a\nb', start: 1_763_809_200_000, end: 1_763_809_200_012.5, error })
    expect(await exporter.send([span, makeSpan()], 0)).toEqual({ status: 'accepted' })
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^\[zen-telemetry\] span a\\nb 12\.500 ms ERROR \{.*\}\n$/)
    const details = JSON.parse(lines[0]?.slice(lines[0].indexOf('{')) ?? '')
    expect(details).toEqual({
      start: '2025-11-22T11:00:00.000Z',
      traceId: span.traceId,
      spanId: span.spanId,
      attributes: span.attributes,
      error,
    })
    expect(lines[1]).toContain(' OK ')
  })

  it('gives up spans where stderr cannot be written: nobody will ever read it', async () => {
    const exporter = createConsoleExporter(() => {
      throw new Error('EPIPE: broken pipe')
    })
    expect(await exporter.send([makeSpan()], 0)).toMatchObject({ status: 'accepted', rejected: { count: 1 } })
  })
})
