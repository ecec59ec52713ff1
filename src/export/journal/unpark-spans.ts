import type { WireSpan } from '../../transport/wire.ts'
import { readPrivateFile } from './private-file.ts'
import { readSegment, type RecordedBy } from './segment-format.ts'
import type { Segment } from './span-places.ts'

/** A span as it is read back: with the process that recorded it. */
export type RecordedSpan = WireSpan & { readonly recordedBy: RecordedBy }

/** What was read back, and the numbers that should have been there. */
export interface Unparked {
  readonly spans: readonly { readonly span: RecordedSpan; readonly number: number }[]
  readonly missing: readonly number[]
}

/**
 * Reads parked spans back from disk, lowest number first. What is found or missing is not parked any more.
 *
 * @param most how many at most
 */
export function unparkSpans(segment: Segment, most: number): Unparked {
  const content = read(segment.path)
  const wanted = [...segment.parked].toSorted((a, b) => a - b)
  const recordedBy = content?.header.recordedBy
  const byNumber = new Map(content?.unsettled.map(({ number, span }) => [number, span]))
  const spans: { span: RecordedSpan; number: number }[] = []
  const missing: number[] = []
  for (const number of wanted) {
    if (spans.length === most) break
    segment.parked.delete(number)
    const span = byNumber.get(number)
    if (span && recordedBy) spans.push({ span: { ...span, recordedBy }, number })
    else missing.push(number)
  }
  return { spans, missing }
}

function read(path: string): ReturnType<typeof readSegment> {
  try {
    const text = readPrivateFile(path)
    return text === undefined ? undefined : readSegment(text)
  } catch {
    // Another process has removed it to make room; the caller counts what was in it.
    return undefined
  }
}
