import { type JournalFolder, OLDEST_MS, removeFile, type SegmentEntry } from './journal-folder.ts'
import { appendToPrivateFile, readPrivateFile } from './private-file.ts'
import { readSegment, type UnsettledSpan } from './segment-format.ts'
import type { Segment } from './span-places.ts'

/** A segment that was taken over. Its spans are parked; the numbers named here are to be settled at once. */
export interface Adoption {
  readonly segment: Segment
  /** Numbers of spans that Cloud Trace would not take any more. */
  readonly tooOld: readonly number[]
  /** Numbers of lines that cannot be read. */
  readonly unreadable: readonly number[]
  /** Spans that export threads die of. */
  readonly deadly: readonly UnsettledSpan[]
}

/** So many export threads have died while they sent it: none is to try it again. */
const MOST_DEATHS = 3

/**
 * Takes over the segment of a dead process, or of an earlier export thread of this one.
 *
 * @param destinations identities that this thread may send to
 * @param own whether it was recorded by the span queue of this thread
 * @returns undefined if there is nothing in it, or another process was faster; `unreadable` if it was moved aside
 * @throws the error of the file system
 */
export function adoptSegment(
  folder: JournalFolder,
  entry: SegmentEntry,
  destinations: ReadonlySet<string>,
  own: boolean,
): Adoption | 'unreadable' | undefined {
  const path = folder.claim(entry)
  if (path === undefined) return undefined
  const text = readPrivateFile(path)
  const content = text === undefined ? undefined : readSegment(text)
  // Killed before its first line was written, which is nothing to speak of.
  if (text === '') return void removeFile(path)
  // A file that is for another destination than its name says is not to be trusted either.
  if (!content || !destinations.has(content.header.destination)) {
    folder.moveAside(path)
    return 'unreadable'
  }
  const unsettled = content.unsettled.length + content.unreadable.length
  if (unsettled === 0) return void removeFile(path)
  if (content.torn) appendToPrivateFile(path, '\n')

  const oldest = Date.now() - OLDEST_MS
  const tooOld = content.unsettled.filter(({ span }) => span.end < oldest)
  const deadly = content.unsettled.filter(({ span, deaths }) => span.end >= oldest && deaths >= MOST_DEATHS)
  const parked = new Set(content.unsettled.map(({ number }) => number))
  for (const { number } of [...tooOld, ...deadly]) parked.delete(number)
  return {
    segment: { path, descriptor: undefined, own, count: content.count, unsettled, parked },
    tooOld: tooOld.map(({ number }) => number),
    unreadable: content.unreadable,
    deadly,
  }
}
