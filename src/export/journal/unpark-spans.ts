import type { WireSpan } from '../../transport/wire.ts'
import { readPrivateFile } from './private-file.ts'
import { readSegment, type RecordedBy, type UnsettledSpan } from './segment-format.ts'
import type { Segment } from './span-places.ts'

/** A span as it is read back: with the process that recorded it. */
export type RecordedSpan = WireSpan & { readonly recordedBy: RecordedBy }

/** What was read back, and the numbers that should have been there. */
export interface Unparked {
  readonly spans: readonly { readonly span: RecordedSpan; readonly number: number }[]
  readonly missing: readonly number[]
  /** An export thread has died while it sent them: they are to be sent by themselves. */
  readonly suspect: boolean
}

/** How many go at once of those that so many export threads have died of: the guilty one is to be found, and few beside it. */
const PORTIONS = [Number.POSITIVE_INFINITY, 64, 8] as const

/**
 * Reads parked spans back from disk: those that no export thread has died of first, lowest number first; after them few
 * at a time. What is found or missing is not parked any more.
 *
 * @param most how many at most
 */
export function unparkSpans(segment: Segment, most: number): Unparked {
  const content = read(segment.path)
  const recordedBy = content?.header.recordedBy
  const found = new Map(content?.unsettled.map((entry) => [entry.number, entry]))
  const missing = [...segment.parked].filter((number) => !found.has(number))
  for (const number of missing) segment.parked.delete(number)
  const parked = [...found.values()].filter(({ number }) => segment.parked.has(number))
  const deaths = parked.reduce((least, entry) => Math.min(least, entry.deaths), PORTIONS.length - 1)
  const portion = parked
    .filter((entry: UnsettledSpan) => entry.deaths <= deaths)
    .slice(0, Math.min(most, PORTIONS[deaths] ?? 1))
  for (const { number } of portion) segment.parked.delete(number)
  return {
    spans: recordedBy ? portion.map(({ span, number }) => ({ span: { ...span, recordedBy }, number })) : [],
    missing,
    suspect: deaths > 0 && portion.length > 0,
  }
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
