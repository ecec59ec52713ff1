import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatHeader,
  formatNote,
  readSegment,
  type SegmentHeader,
} from '../../../src/export/journal/segment-format.ts'
import { isWireSpan } from '../../../src/export/journal/is-wire-span.ts'
import type { WireSpan } from '../../../src/transport/wire.ts'
import { makeSpan } from '../exporters/make-span.ts'

const HEADER: SegmentHeader = {
  mode: 'private',
  destination: 'project shop-production at Google',
  recordedBy: {
    serviceName: 'shop',
    facts: { serviceVersion: '1.2.3', nodeVersion: '20.20.2', osType: 'linux' },
  },
}
const FUZZ_RUNS = 100_000

const lineOf = (span: WireSpan): string => `${JSON.stringify(span)}\n`

describe('a segment', () => {
  it('gives back the spans that nobody has settled, by number', () => {
    const spans = Array.from({ length: 5 }, () => makeSpan())
    const text =
      formatHeader(HEADER) +
      spans.map(lineOf).join('') +
      formatNote('settled', 1, 2) +
      formatNote('settled', 4, 4)
    expect(readSegment(text)).toEqual({
      header: HEADER,
      unsettled: [
        { number: 0, span: spans[0], deaths: 0 },
        { number: 3, span: spans[3], deaths: 0 },
      ],
      unreadable: [],
      count: 5,
      torn: false,
    })
  })

  it('has a number for a line that cannot be read, so that those behind it keep theirs', () => {
    const [a, b] = [makeSpan(), makeSpan()]
    const text = `${formatHeader(HEADER)}${lineOf(a)}{"traceId":"5"}\n{broken\nnoise\n${lineOf(b)}${formatNote('settled', 0, 0)}`
    expect(readSegment(text)).toMatchObject({ unsettled: [{ number: 3, span: b }], unreadable: [1, 2] })
  })

  it('counts who died while they sent a span, and forgives one that somebody survived', () => {
    const spans = Array.from({ length: 4 }, () => makeSpan())
    const notes = [
      formatNote('sending', 0, 2),
      formatNote('sending', 1, 2),
      formatNote('survived', 2, 2),
      formatNote('sending', 0, 9),
      '?x-1\n',
    ]
    const text = formatHeader(HEADER) + spans.map(lineOf).join('') + notes.join('')
    expect(readSegment(text)?.unsettled.map(({ deaths }) => deaths)).toEqual([2, 3, 1, 1])
  })

  it('loses no more than the last line to a process that was killed while it wrote', () => {
    const [a, b] = [makeSpan(), makeSpan()]
    const text = formatHeader(HEADER) + lineOf(a) + lineOf(b).slice(0, -10)
    expect(readSegment(text)).toMatchObject({
      unsettled: [{ number: 0, span: a }],
      unreadable: [1],
      count: 2,
      torn: true,
    })
  })

  it.each([
    { title: 'nothing', text: '' },
    { title: 'a header without its end', text: formatHeader(HEADER).trimEnd() },
    { title: 'another format', text: '{"format":"zen-telemetry-journal/2"}\n' },
    { title: 'a header without what recorded it', text: formatHeader({ ...HEADER, recordedBy: undefined! }) },
    { title: 'spans without a header', text: lineOf(makeSpan()) },
    { title: 'a picture', text: '\u0089PNG\r\n\u001a\n' },
  ])('is not what starts with $title', ({ text }) => {
    expect(readSegment(text)).toBeUndefined()
  })

  it('takes no span for one that exporters cannot take', () => {
    const wrong: unknown[] = [
      { traceId: 'x' },
      { spanId: '' },
      { name: 5 },
      { start: '2026' },
      { end: null },
      { origin: 'elsewhere' },
      { attributes: null },
      { attributes: { a: { b: 1 } } },
      { attributes: { a: [1, 'b'] } },
      { error: 'Error' },
      { recorded: [{ type: 'Error' }] },
      { incomplete: 1 },
      { parentSpanId: 7 },
    ]
    const text = wrong
      .map((fields) => `${JSON.stringify({ ...makeSpan(), ...(fields as object) })}\n`)
      .join('')
    const content = readSegment(formatHeader(HEADER) + text)
    expect(content?.unsettled).toEqual([])
    expect(content?.unreadable).toHaveLength(wrong.length)
  })

  it('is read whatever its bytes are: nothing is thrown, and what is given back is spans', () => {
    const good = formatHeader(HEADER) + lineOf(makeSpan()) + lineOf(makeSpan()) + formatNote('settled', 0, 0)
    const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('utf8'))
    const settled = fc.tuple(fc.nat(9), fc.nat()).map(([first, last]) => formatNote('settled', first, last))
    const patch = fc.oneof(
      noise,
      settled,
      fc.constantFrom('\n', '{', '}', '{}\n', 'null\n', '[]\n', '"', ','),
    )
    const place = fc.nat(good.length)
    fc.assert(
      fc.property(patch, place, place, fc.nat(9), (text, at, end, removed) => {
        const content = readSegment(good.slice(0, at) + text + good.slice(at + removed, end + at))
        if (!content) return true
        const { unsettled, unreadable, count } = content
        return (
          unsettled.length + unreadable.length <= count && unsettled.every(({ span }) => isWireSpan(span))
        )
      }),
      { numRuns: FUZZ_RUNS },
    )
  })

  it('is read whatever bytes it starts with', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        (bytes) => !readSegment(Buffer.from(bytes).toString('utf8')),
      ),
    )
  })
})
