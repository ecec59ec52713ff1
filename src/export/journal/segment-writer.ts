import { closeSync, fstatSync, ftruncateSync } from 'node:fs'
import type { WireSpan } from '../../transport/wire.ts'
import type { JournalFolder, JournalLimits, SegmentEntry } from './journal-folder.ts'
import { appendToPrivateFile, appendWhole, createPrivateFile } from './private-file.ts'
import { removeFile } from './journal-folder.ts'
import { formatHeader, formatNote, type SegmentHeader, type SegmentNote } from './segment-format.ts'
import { runsOf, type Segment, type SpanPlaces } from './span-places.ts'

/** What segments are written with. */
export interface SegmentWriterOptions {
  readonly folder: JournalFolder
  readonly limits: JournalLimits
  readonly header: SegmentHeader
  /** Hash of the destination, for names. */
  readonly destination: string
  readonly places: SpanPlaces
  /** Told of each segment that had to make room. */
  readonly onRemove: (entry: SegmentEntry) => void
}

/** Writes the segments of this thread. */
export interface SegmentWriter {
  /**
   * Appends spans, with one write unless they are more than a segment takes.
   *
   * @param lines the same as JSON, where that is known
   * @throws the error of the file system; then the rest of them is not on disk
   */
  append(spans: readonly WireSpan[], lines?: readonly string[]): void
  /** The segments that still hold something. */
  readonly segments: ReadonlySet<Segment>
  /** Takes in a segment that was another's. */
  adopt(segment: Segment): void
  /** Numbers of a segment need nothing more. @throws the error of the file system */
  settle(segment: Segment, numbers: readonly number[]): void
  /** Says of numbers of a segment how it goes with them. @throws the error of the file system */
  note(note: SegmentNote, segment: Segment, numbers: readonly number[]): void
  /** Closes what is open, and removes what holds nothing. */
  close(): void
}

/** Makes a writer; the first file is made for the first span. */
export function createSegmentWriter(options: SegmentWriterOptions): SegmentWriter {
  const { folder, limits, places } = options
  const header = formatHeader(options.header)
  const headerBytes = Buffer.byteLength(header)
  const segments = new Set<Segment>()
  let current: Segment | undefined

  function open(): Segment {
    folder.ensure()
    folder.makeRoom(options.onRemove)
    const path = folder.pathFor(options.destination)
    const descriptor = createPrivateFile(path)
    const segment: Segment = { path, descriptor, own: true, count: 0, unsettled: 0, parked: new Set() }
    try {
      appendWhole(descriptor, header)
    } catch (thrown) {
      closeFile(segment)
      removeFile(path)
      throw thrown
    }
    segments.add(segment)
    return segment
  }

  /** The segment to append to: small enough, and not removed by somebody who needed room. */
  function writable(): Segment {
    if (current?.descriptor !== undefined) {
      const { size, nlink } = fstatSync(current.descriptor)
      if (nlink > 0 && size < limits.segmentBytes) return current
      closeFile(current)
      dropEmpty(current)
    }
    return (current = open())
  }

  function append(spans: readonly WireSpan[], lines?: readonly string[]): void {
    let text = ''
    let first = 0
    spans.forEach((span, index) => {
      text += `${lines?.[index] ?? JSON.stringify(span)}\n`
      if (text.length < limits.segmentBytes && index < spans.length - 1) return
      appendLines(text, spans.slice(first, index + 1))
      text = ''
      first = index + 1
    })
  }

  function appendLines(lines: string, spans: readonly WireSpan[]): void {
    const segment = writable()
    appendWhole(segment.descriptor!, lines)
    for (const span of spans) places.put(span, segment, segment.count++)
    segment.unsettled += spans.length
  }

  function settle(segment: Segment, numbers: readonly number[]): void {
    segment.unsettled -= numbers.length
    for (const number of numbers) segment.parked.delete(number)
    if (segment.unsettled === 0) return empty(segment)
    note('settled', segment, numbers)
  }

  function note(what: SegmentNote, segment: Segment, numbers: readonly number[]): void {
    const lines = runsOf(numbers).map(([first, last]) => formatNote(what, first, last))
    if (segment.descriptor === undefined) appendToPrivateFile(segment.path, lines.join(''))
    else appendWhole(segment.descriptor, lines.join(''))
  }

  /** Cheaper than to say it of each span: an idle process has one line on disk. */
  function empty(segment: Segment): void {
    if (segment.descriptor === undefined) return dropEmpty(segment)
    ftruncateSync(segment.descriptor, headerBytes)
    segment.count = 0
  }

  function dropEmpty(segment: Segment): void {
    if (segment.unsettled > 0) return
    segments.delete(segment)
    removeFile(segment.path)
  }

  return {
    append,
    segments,
    settle,
    note,
    adopt: (segment) => void segments.add(segment),
    close() {
      if (current) closeFile(current)
      current = undefined
      for (const segment of segments) dropEmpty(segment)
    },
  }
}

function closeFile(segment: Segment): void {
  if (segment.descriptor !== undefined) closeSync(segment.descriptor)
  segment.descriptor = undefined
}
