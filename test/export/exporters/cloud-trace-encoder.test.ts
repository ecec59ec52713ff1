import { getReadableSpanTransformer } from '@google-cloud/opentelemetry-cloud-trace-exporter/build/src/transform.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadProtocolMessages } from '../../../fixtures/google-cloud/protocol-messages.ts'
import { createCloudTraceEncoder } from '../../../src/export/exporters/cloud-trace-encoder.ts'
import type { ResourceInput } from '../../../src/export/exporters/exporter.ts'
import { readableSpan } from '../../../src/export/exporters/readable-span.ts'
import { spanSource } from '../../../src/export/exporters/span-source.ts'
import type { AttributeValue, WireError, WireSpan } from '../../../src/transport/wire.ts'
import { makeSpan } from './make-span.ts'

const PROJECT = 'tea-house-42'
const FACTS = { serviceVersion: '1.4.0', nodeVersion: '20.20.2', osType: 'linux' }
const PRIVATE: ResourceInput = { mode: 'private', serviceName: 'tea', facts: FACTS }
const { batchWriteSpans } = loadProtocolMessages()
const toGoogles = getReadableSpanTransformer(PROJECT, /./, true)

/** The request as Google's exporter maps spans, with the two things that are mended, encoded and read by the official protos. */
function byGoogle(spans: readonly WireSpan[], input: ResourceInput): unknown {
  const mapped = spans.map((wire) => {
    const span = readableSpan(wire, spanSource(input))
    const attributes = Object.entries(span.attributes).map(([key, value]) => [
      key,
      typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value,
    ])
    return {
      ...toGoogles({ ...span, attributes: Object.fromEntries(attributes) }),
      sameProcessAsParentSpan: { value: !span.parentSpanContext?.isRemote },
    }
  })
  return read(batchWriteSpans.requestSerialize({ name: `projects/${PROJECT}`, spans: mapped }))
}

function byThisAgent(spans: readonly WireSpan[], input: ResourceInput): unknown {
  const { body, problems } = createCloudTraceEncoder(PROJECT, input)(spans)
  expect(problems).toEqual([])
  return read(body)
}

/** That nothing was dropped may be said or not. */
function read(body: Uint8Array): unknown {
  const said = JSON.stringify(batchWriteSpans.requestDeserialize(Buffer.from(body)), (key, value: unknown) =>
    key === 'droppedAttributesCount' && value === 0 ? undefined : value,
  )
  return JSON.parse(said)
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('', 'é'.repeat(64), '€'.repeat(5000)),
)
const attribute: fc.Arbitrary<AttributeValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.array(text, { maxLength: 5 }),
  fc.array(fc.double({ noNaN: true }), { maxLength: 5 }),
  fc.array(fc.boolean(), { maxLength: 5 }),
)
/** Not what every object has: Google's exporter looks names up in an object, and writes the source of `toString` for that. */
const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }).filter((key) => !(key in {})),
  fc.constantFrom('http.method', 'http.status_code', 'service.name', 'g.co/agent', 'os.type', '/http/route'),
)
const error: fc.Arbitrary<WireError> = fc.record(
  { type: text, message: text, stack: text },
  { requiredKeys: ['type'] },
)
const time = fc.double({ min: 0, max: 4e12, noNaN: true })
const span: fc.Arbitrary<WireSpan> = fc
  .record(
    {
      name: text,
      start: time,
      end: time,
      parentSpanId: fc.constant('00f067aa0ba902b7'),
      parentIsRemote: fc.constant(true as const),
      attributes: fc.dictionary(name, attribute, { maxKeys: 12, noNullPrototype: true }),
      error,
      recorded: fc.array(
        fc.tuple(error, time).map(([one, at]) => ({ ...one, at })),
        { maxLength: 3 },
      ),
      incomplete: fc.constant(true as const),
    },
    { requiredKeys: ['name', 'start', 'end', 'attributes'] },
  )
  .map((more) => makeSpan(more as Partial<WireSpan>))

describe('a request to Cloud Trace', () => {
  it('says of any spans what Google’s exporter says of them', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), (spans) => {
        expect(byThisAgent(spans, PRIVATE)).toEqual(byGoogle(spans, PRIVATE))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    'http.method',
    'http.url',
    'http.host',
    'http.scheme',
    'http.status_code',
    'http.user_agent',
    'http.request_content_length',
    'http.response_content_length',
    'http.route',
  ])('calls %s what Google’s exporter calls it', (key) => {
    const spans = [makeSpan({ attributes: { [key]: 'tea' } })]
    expect(JSON.stringify(byGoogle(spans, PRIVATE))).not.toContain(key)
    expect(byThisAgent(spans, PRIVATE)).toEqual(byGoogle(spans, PRIVATE))
  })

  it('carries a process without a version, and one that another process recorded', () => {
    const input = { ...PRIVATE, facts: { ...FACTS, serviceVersion: undefined } }
    expect(byThisAgent([makeSpan({ name: 'a' })], input)).toMatchObject({
      spans: [{ displayName: { value: 'a' } }],
    })
    const recordedBy = { serviceName: 'kettle', facts: FACTS }
    const adopted = { ...makeSpan(), recordedBy }
    expect(byThisAgent([adopted], PRIVATE)).toEqual(byGoogle([adopted], { ...PRIVATE, ...recordedBy }))
  })

  it('has no label of Google’s exporter in public mode, whoever gives it', () => {
    const spans = [makeSpan({ attributes: { 'g.co/agent': 'mine', cups: 2 } })]
    const encoded = JSON.stringify(byThisAgent(spans, { ...PRIVATE, mode: 'public' }))
    expect(encoded).not.toContain('g.co/')
    expect(encoded).toContain('cups')
  })

  it('grows to a whole batch of large spans, and leaves out the one that cannot be encoded', () => {
    const spans = Array.from({ length: 512 }, (_, index) =>
      makeSpan({ name: `span ${index}`, attributes: { text: 'tea'.repeat(index) } }),
    )
    const impossible = makeSpan({ attributes: { long: 'x'.repeat(5000), list: [1n] as unknown as number[] } })
    const encode = createCloudTraceEncoder(PROJECT, PRIVATE)
    const { body, count, problems } = encode([...spans.slice(0, 100), impossible, ...spans.slice(100)])
    expect({ count, problems }).toMatchObject({ count: 512, problems: [expect.stringMatching(/BigInt/)] })
    expect(read(body)).toEqual(byGoogle(spans, PRIVATE))
  })
})
