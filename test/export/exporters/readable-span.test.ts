import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { describe, expect, it } from 'vitest'
import { readableSpan } from '../../../src/export/exporters/readable-span.ts'
import type { WireSpan } from '../../../src/transport/wire.ts'
import { makeSpan } from './make-span.ts'

const RESOURCE = resourceFromAttributes({ 'service.name': 'shop' })
const SCOPE = { name: '@zen/telemetry', version: '0.1.0' }
const map = (more: Partial<WireSpan> = {}) =>
  readableSpan(makeSpan(more), { resource: RESOURCE, scope: SCOPE })

describe('a readable span', () => {
  it('is internal, ended and OK', () => {
    expect(map()).toMatchObject({ kind: SpanKind.INTERNAL, ended: true, status: { code: SpanStatusCode.OK } })
    expect(map()).toMatchObject({ resource: RESOURCE, instrumentationScope: SCOPE, links: [], events: [] })
  })

  it('has its ids, sampled', () => {
    const span = makeSpan()
    expect(readableSpan(span, { resource: RESOURCE, scope: SCOPE }).spanContext()).toEqual({
      traceId: span.traceId,
      spanId: span.spanId,
      traceFlags: 1,
    })
  })

  it.each([
    [1_763_809_200_123, [1_763_809_200, 123_000_000]],
    [1_763_809_200_123.457, [1_763_809_200, 123_457_000]],
    [1_763_809_200_999.9998, [1_763_809_201, 0]],
    [1_763_809_200_000.001, [1_763_809_200, 1_000]],
    [0, [0, 0]],
  ])('keeps %d ms to the microsecond', (milliseconds, expected) => {
    expect(map({ start: milliseconds, end: milliseconds }).startTime).toEqual(expected)
  })

  it('does not end before it starts, even when the clock was set back', () => {
    const span = map({ start: 1_763_809_200_500, end: 1_763_809_200_000 })
    expect(span.endTime).toEqual(span.startTime)
    expect(span.duration).toEqual([0, 0])
  })

  it('names its parent, and whether that is of another process', () => {
    expect(map()).not.toHaveProperty('parentSpanContext')
    expect(map({ parentSpanId: '00f067aa0ba902b7' }).parentSpanContext).toMatchObject({
      spanId: '00f067aa0ba902b7',
      isRemote: false,
    })
    expect(map({ parentSpanId: '00f067aa0ba902b7', parentIsRemote: true }).parentSpanContext).toMatchObject({
      isRemote: true,
    })
  })

  it('carries the type alone of an error that was reduced to it', () => {
    const span = map({ error: { type: 'TypeError' } })
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR })
    expect(span.attributes['error.type']).toBe('TypeError')
    expect(span.events).toEqual([])
  })

  it('carries message and stack of an error as an exception event at its end', () => {
    const span = map({ error: { type: 'TypeError', message: 'no', stack: 'TypeError: no' } })
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no' })
    expect(span.events).toEqual([
      {
        name: 'exception',
        time: span.endTime,
        attributes: {
          'exception.type': 'TypeError',
          'exception.message': 'no',
          'exception.stacktrace': 'TypeError: no',
        },
        droppedAttributesCount: 0,
      },
    ])
  })

  it('carries recorded errors as events though it succeeded', () => {
    const span = map({ recorded: [{ type: 'Error', message: 'once', at: 1_763_809_200_001 }] })
    expect(span.status).toEqual({ code: SpanStatusCode.OK })
    expect(span.events).toMatchObject([
      {
        time: [1_763_809_200, 1_000_000],
        attributes: { 'exception.type': 'Error', 'exception.message': 'once' },
      },
    ])
  })

  it('says when it was still open at exit', () => {
    expect(map({ incomplete: true }).attributes['zen.incomplete']).toBe(true)
    expect(map().attributes).not.toHaveProperty('zen.incomplete')
  })
})
