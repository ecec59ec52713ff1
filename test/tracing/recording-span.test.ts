import { describe, expect, it } from 'vitest'
import { SpanId } from '../../src/tracing/ids.ts'
import { RecordingSpan, type SpanStart } from '../../src/tracing/recording-span.ts'
import { asDelivered } from './as-delivered.ts'
import { startOf, TEMPLATE } from './recording-tracer.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const SPAN_ID = 'b7ad6b7169203331'
const PARENT_ID = '00f067aa0ba902b7'

function open(start: Partial<SpanStart> = {}): { span: RecordingSpan; ended: RecordingSpan[] } {
  const ended: RecordingSpan[] = []
  return { span: new RecordingSpan(startOf(start), (span) => ended.push(span)), ended }
}

describe('a span', () => {
  it('crosses to the export thread with what it was made from, and nothing it does not have', () => {
    const before = Date.now()
    const { span } = open()
    span.end()
    const wire = asDelivered(span)
    expect(wire).toEqual({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      name: 'zen.orchestrator.run',
      origin: 'builtin',
      attributes: { operation: 'main_loop' },
      start: expect.any(Number) as number,
      end: expect.any(Number) as number,
    })
    expect(wire.end).toBeGreaterThanOrEqual(wire.start)
    expect(Math.abs(wire.start - before)).toBeLessThan(60_000)
  })

  it('names its parent and says where that is', () => {
    const { span } = open({ parent: SpanId.of(PARENT_ID), parentIsRemote: true })
    expect(asDelivered(span)).toMatchObject({ parentSpanId: PARENT_ID, parentIsRemote: true })
    expect(asDelivered(open({ parent: SpanId.of(PARENT_ID) }).span)).not.toHaveProperty('parentIsRemote')
  })

  it.each([
    ['a root', {}],
    ['a child', { parent: SpanId.of(PARENT_ID) }],
    ['a child of somebody else', { parent: SpanId.of(PARENT_ID), parentIsRemote: true }],
    ['one with a rate', { trace: { ...startOf().trace, samplingRate: 0.125 } }],
    ['one with a long name', { template: { ...TEMPLATE, name: 'zen.'.repeat(200) } }],
    ['one with a name in another script', { template: { ...TEMPLATE, name: '座禅 "\n\ud800' } }],
  ] as const)('is the same by the short way and by the long one: %s', (_, start) => {
    const { span } = open(start)
    span.end()
    expect(asDelivered(span)).toEqual(JSON.parse(JSON.stringify(span.toWire())))
  })

  it('has the rate of its trace, whichever span of the method came before it', () => {
    const trace = (samplingRate?: number) => ({ trace: { ...startOf().trace, samplingRate } })
    const rates = [0.5, undefined, 0.25].map((rate) => {
      const { span } = open(trace(rate))
      span.end()
      return asDelivered(span).attributes['sampling.rate']
    })
    expect(rates).toEqual([0.5, undefined, 0.25])
  })

  it('ends once, and changes no more', () => {
    const { span, ended } = open()
    expect(span.isRecording()).toBe(true)
    span.end()
    const wire = asDelivered(span)
    span.end()
    span.endWithError(new Error('late'))
    span.setAttribute('late', 1).setAttributes({ later: 2 }).updateName('late').setStatus({ code: 2 })
    span.recordException(new Error('late'))
    span.addEvent().addLink().addLinks()
    expect(span.isRecording()).toBe(false)
    expect(asDelivered(span)).toEqual(wire)
    expect(ended).toEqual([span])
  })

  it('is sampled, for whoever asks it as an OpenTelemetry span', () => {
    expect(open().span.spanContext()).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 })
  })
})

describe('attributes', () => {
  it('are added to those of the method, which stay as they are', () => {
    const { span } = open()
    span.setAttribute('a', 'text').setAttributes({ b: 1, c: true, d: ['x'], e: undefined })
    expect(asDelivered(span).attributes).toEqual({
      operation: 'main_loop',
      a: 'text',
      b: 1,
      c: true,
      d: ['x'],
    })
    expect(TEMPLATE.attributes).toEqual({ operation: 'main_loop' })
  })

  it('are only what OpenTelemetry allows', () => {
    const { span } = open()
    const hostile: unknown[] = [
      null,
      {},
      () => {},
      Symbol('s'),
      1n,
      Number.NaN,
      Infinity,
      [1, 'a'],
      [{}],
      [null],
    ]
    for (const [index, value] of hostile.entries()) span.setAttribute(`bad${index}`, value as string)
    span.setAttribute('', 'no key')
    span.setAttribute(5 as unknown as string, 'no text')
    expect(asDelivered(span).attributes).toEqual({ operation: 'main_loop' })
    expect(() => JSON.stringify(asDelivered(span))).not.toThrow()
  })

  it('are copied where they are arrays: what the application does to its array later is its own affair', () => {
    const { span } = open()
    const values: unknown[] = ['a']
    span.setAttribute('list', values as string[])
    values.push(10n)
    expect(asDelivered(span).attributes).toMatchObject({ list: ['a'] })
  })

  it('are at most 128; known ones can still change', () => {
    const { span } = open()
    for (let index = 0; index < 1000; index++) span.setAttribute(`key${index}`, index)
    span.setAttribute('key0', 'changed').setAttribute('key999', 'changed')
    const { attributes } = asDelivered(span)
    expect(Object.keys(attributes)).toHaveLength(128)
    expect(attributes['key0']).toBe('changed')
    expect(attributes).not.toHaveProperty('key999')
  })
})

describe('an error', () => {
  it('is described when a call throws', () => {
    const { span, ended } = open()
    span.endWithError(new TypeError('broken'))
    expect(asDelivered(span).error).toMatchObject({ type: 'TypeError', message: 'broken' })
    expect(ended).toHaveLength(1)
  })

  it('is not read before the span is handed over', () => {
    let read = 0
    const error = Object.defineProperty(new Error('broken'), 'stack', { get: () => String(++read) })
    const { span, ended } = open()
    span.endWithError(error)
    expect([read, span.hasUnreadError, ended.length]).toEqual([0, true, 1])
    expect(asDelivered(span).error).toMatchObject({ message: 'broken', stack: '1' })
  })

  it('that the application records stands beside the outcome', () => {
    const { span } = open()
    span.recordException(new Error('survived'))
    span.end()
    expect(asDelivered(span).recorded).toMatchObject([{ type: 'Error', message: 'survived' }])
    expect(asDelivered(span)).not.toHaveProperty('error')
    expect(asDelivered(span).recorded![0]!.at).toBeGreaterThan(0)
  })

  it('is recorded at most 64 times', () => {
    const { span } = open()
    for (let index = 0; index < 1000; index++) span.recordException(new Error(String(index)))
    expect(asDelivered(span).recorded).toHaveLength(64)
  })

  it('can be stated and taken back by the application', () => {
    const { span } = open()
    span.setStatus({ code: 2, message: 'refused' })
    expect(asDelivered(span).error).toEqual({ type: 'Error', message: 'refused' })
    span.setStatus({ code: 1 })
    expect(asDelivered(span)).not.toHaveProperty('error')
  })
})

describe('the end of the process', () => {
  it('ends a span as incomplete, without error', () => {
    const { span, ended } = open()
    span.endIncomplete()
    expect(asDelivered(span)).toMatchObject({ incomplete: true })
    expect(asDelivered(span)).not.toHaveProperty('error')
    expect(ended).toHaveLength(1)
  })

  it('ends it as failed where an error ends the process, whatever that error is', () => {
    const { span } = open()
    span.endIncomplete({ thrown: undefined })
    expect(asDelivered(span)).toMatchObject({ incomplete: true, error: { type: 'undefined' } })
  })
})
