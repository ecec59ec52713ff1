import type { ProcessFacts, WireSpan } from '../../transport/wire.ts'
import { isWireSpan } from './is-wire-span.ts'

/**
 * A segment is a text file of lines, which only ever grows or is emptied:
 *
 *     {"format":"zen-telemetry-journal/1","mode":"private","destination":"…","recordedBy":{…}}
 *     {"traceId":"…",…}     a span; the first is number 0. A line that starts so counts, whether it can be read or not
 *     -0-511                the spans 0 to 511 need nothing more
 *     ?0-511                they are being sent: an export thread that dies now may have died of one of them
 *     =0-511                it did not
 */
const FORMAT = 'zen-telemetry-journal/1'

/** Service and process that recorded a span; becomes its resource, whichever process sends it. */
export interface RecordedBy {
  readonly serviceName: string
  readonly facts: ProcessFacts
}

/** For whom a segment was recorded. */
export interface SegmentHeader {
  readonly mode: 'private' | 'public' | 'unresolved'
  /** See {@link JournalDestination.identity}. */
  readonly destination: string
  readonly recordedBy: RecordedBy
}

/** A span that still needs something. */
export interface UnsettledSpan {
  readonly number: number
  readonly span: WireSpan
  /** How many export threads have died while they sent it. */
  readonly deaths: number
}

/** What a segment holds. */
export interface SegmentContent {
  readonly header: SegmentHeader
  /** Spans that still need something, by their number. */
  readonly unsettled: readonly UnsettledSpan[]
  /** Numbers of lines that should be spans and cannot be read, and that nobody has settled. */
  readonly unreadable: readonly number[]
  /** How many numbers are taken. */
  readonly count: number
  /** The last line has no end: a process was killed while it wrote. */
  readonly torn: boolean
}

const NOTE = /^([-?=])(\d{1,9})-(\d{1,9})$/
const MODES: ReadonlySet<unknown> = new Set(['private', 'public', 'unresolved'])

/** The first line of a segment, with its end. */
export function formatHeader(header: SegmentHeader): string {
  return `${JSON.stringify({ format: FORMAT, ...header })}\n`
}

/** What is said of spans: they need nothing more, they are being sent, whoever sent them lives on. */
export type SegmentNote = 'settled' | 'sending' | 'survived'

const SIGNS: Readonly<Record<SegmentNote, string>> = { settled: '-', sending: '?', survived: '=' }

/** The line that says so of some spans, the last one included. */
export function formatNote(note: SegmentNote, first: number, last: number): string {
  return `${SIGNS[note]}${first}-${last}\n`
}

/**
 * Reads a segment. Lines that are neither spans nor say what is settled are skipped. Throws nothing.
 *
 * @param text the whole file
 * @returns undefined if its first line is not that of a segment of this format
 */
export function readSegment(text: string): SegmentContent | undefined {
  const lines = text.split('\n')
  const torn = lines.at(-1) !== ''
  if (!torn) lines.pop()
  const header = readHeader(lines[0] ?? '')
  if (!header || (torn && lines.length === 1)) return undefined

  const spans: NotedLine[] = []
  for (const line of lines.slice(1)) {
    if (line.startsWith('{')) spans.push({ line, deaths: 0 })
    else takeNote(spans, line)
  }
  const unsettled: UnsettledSpan[] = []
  const unreadable: number[] = []
  spans.forEach(({ line, deaths }, number) => {
    if (line === undefined) return
    const span = parse(line)
    if (isWireSpan(span)) unsettled.push({ number, span, deaths })
    else unreadable.push(number)
  })
  return { header, unsettled, unreadable, count: spans.length, torn }
}

interface NotedLine {
  /** Undefined: settled. */
  line: string | undefined
  deaths: number
}

function takeNote(spans: readonly NotedLine[], line: string): void {
  const [, sign, first, last] = NOTE.exec(line) ?? []
  if (sign === undefined) return
  for (const span of spans.slice(Number(first), Number(last) + 1)) {
    if (sign === SIGNS.settled) span.line = undefined
    else if (sign === SIGNS.sending) span.deaths++
    else span.deaths = 0
  }
}

function readHeader(line: string): SegmentHeader | undefined {
  const value = parse(line) as (Partial<SegmentHeader> & { format?: unknown }) | null | undefined
  if (typeof value !== 'object' || value === null || value.format !== FORMAT) return undefined
  const { mode, destination, recordedBy } = value
  if (!MODES.has(mode) || typeof destination !== 'string' || !isRecordedBy(recordedBy)) return undefined
  return { mode: mode!, destination, recordedBy }
}

function isRecordedBy(value: unknown): value is RecordedBy {
  if (typeof value !== 'object' || value === null) return false
  const { serviceName, facts } = value as Partial<RecordedBy>
  if (typeof serviceName !== 'string' || typeof facts !== 'object' || facts === null) return false
  const { serviceVersion, nodeVersion, osType } = facts
  return (
    (serviceVersion === undefined || typeof serviceVersion === 'string') &&
    typeof nodeVersion === 'string' &&
    typeof osType === 'string'
  )
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
