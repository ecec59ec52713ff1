import { describe, expect, it } from 'vitest'
import { SpanId, TraceId } from '../../src/tracing/ids.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { openForReading } from '../../src/transport/queue-reader.ts'
import { openForWriting } from '../../src/transport/queue-writer.ts'

const TRACE = '0123456789abcdeffedcba9876543210'
const SPAN = '80000000000000ff'
const PARENT = 'f0e1d2c3b4a59687'
const TEXT = '"name":"größe","origin":"builtin","attributes":{}}'

describe('a plain span', () => {
  it.each([
    ['none', undefined, false, {}],
    ['one of its own', PARENT, false, { parentSpanId: PARENT }],
    ['a remote one', PARENT, true, { parentSpanId: PARENT, parentIsRemote: true }],
  ])('is read as the line it would have been, with %s as its parent', (_, parent, parentIsRemote, fields) => {
    const memory = allocateSpanQueue(8)
    const span = {
      traceId: TraceId.of(TRACE),
      id: SpanId.of(SPAN),
      parent: parent === undefined ? undefined : SpanId.of(parent),
      parentIsRemote,
      startMs: 1_763_955_789_123.25,
      endMs: 1_763_955_789_124,
    }
    const writer = openForWriting(memory, 10)
    for (let round = 0; round < 2; round++) writer.writePlain(span, Buffer.from(TEXT))
    const line = JSON.stringify({
      traceId: TRACE,
      spanId: SPAN,
      ...fields,
      start: span.startMs,
      end: span.endMs,
      name: 'größe',
      origin: 'builtin',
      attributes: {},
    })
    expect(openForReading(memory).take()).toEqual([line, line])
  })
})
