import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from '../../shared/log.ts'
import type { WireSpan } from '../../transport/wire.ts'
import { createAdopter, type JournalLoss } from './adopter.ts'
import { createDeathMarks, type DeathMarks } from './death-marks.ts'
import { createJournalHealth } from './journal-health.ts'
import { type JournalLimits, openJournalFolder } from './journal-folder.ts'
import type { SegmentHeader } from './segment-format.ts'
import type { SegmentOwner } from './segment-name.ts'
import { createSegmentWriter } from './segment-writer.ts'
import { createSpanPlaces, type Segment } from './span-places.ts'
import { touchSegments } from './touch-segments.ts'
import { unparkSpans } from './unpark-spans.ts'

const MEGABYTE = 1024 * 1024
/** Of the folder, whichever process writes. */
export const LIMITS: JournalLimits = { segmentBytes: MEGABYTE, totalBytes: 50 * MEGABYTE, files: 2000 }

/** Spans recorded while no destination was decided are for whichever is. */
export const UNRESOLVED = 'unresolved'

/** What a journal is opened with. */
export interface JournalOptions {
  /** Absolute; the segments lie in `journal` inside it. */
  readonly stateFolder: string
  readonly owner: SegmentOwner
  /** For whom spans are recorded, and whose spans are adopted. */
  readonly header: SegmentHeader
  readonly log: Logger
  /** Told of spans that are not sent; `own`: this thread's span queue had recorded them. */
  readonly onLost: (reason: JournalLoss, count: number, own: boolean) => void
  /** Default: segments of 1 MB, 50 MB and 2,000 files together. */
  readonly limits?: JournalLimits
}

/** Spans on disk, from their arrival until they need nothing more. Throws nothing: where a disk fails, memory goes on. */
export interface Journal extends DeathMarks {
  /** Writes spans down, with one write. @param lines the same as JSON, where that is known */
  record(spans: readonly WireSpan[], lines?: readonly string[]): void
  /** They need nothing more. Spans that are not on disk are ignored. */
  settle(spans: readonly WireSpan[]): void
  /** They leave the memory and stay on disk, until they are taken again. @returns how many are on disk */
  park(spans: readonly WireSpan[]): number
  /** Whether a span is on disk. */
  holds(span: WireSpan): boolean
  /** Whether a span was recorded by another process. */
  isAdopted(span: WireSpan): boolean
  /** How many spans of this thread's queue are on disk. */
  readonly unsettled: number
  /** Takes over what earlier export threads of this queue have left. @returns how many spans that are */
  recover(): number
  /** Parked spans of this thread's queue, at most so many. */
  takeOwn(most: number): WireSpan[]
  /** Spans of dead processes, at most so many; takes over their segments as they are needed. */
  takeAdopted(most: number): WireSpan[]
  /** Removes the parked spans of this thread's queue. @returns how many */
  discardParked(): number
  /** Closes files, until the next span; what is settled is removed. */
  close(): void
}

interface Taken {
  readonly spans: WireSpan[]
  /** Nothing is to be sent along with them. */
  readonly suspect: boolean
}

/**
 * Opens the journal of one destination; nothing is created before the first span.
 *
 * @param options folder, owner and destination
 */
export function openJournal(options: JournalOptions): Journal {
  const { owner, header, onLost } = options
  const limits = options.limits ?? LIMITS
  const path = join(options.stateFolder, 'journal')
  const folder = openJournalFolder(path, owner, limits)
  const places = createSpanPlaces()
  const health = createJournalHealth(path, options.log, () => performance.now())
  const destination = destinationHash(header.destination)
  const writer = createSegmentWriter({ folder, limits, header, destination, places, onRemove })
  const adopter = createAdopter({
    ...options,
    folder,
    destinations: new Map(
      [header.destination, UNRESOLVED].map((identity) => [destinationHash(identity), identity]),
    ),
    adopt: writer.adopt,
    settle: (segment, numbers) => health.tidy(() => writer.settle(segment, numbers)),
  })
  const adopted = new WeakSet<WireSpan>()
  const marks = createDeathMarks(places, writer, health)
  touchSegments(writer.segments)

  function settle(spans: readonly WireSpan[]): void {
    for (const [segment, numbers] of places.take(spans)) {
      health.tidy(() => writer.settle(segment, numbers))
    }
  }

  /** Spans that only the disk had are lost with the file. */
  function takeFrom(segment: Segment, most: number): Taken {
    const { spans, missing, suspect } = unparkSpans(segment, most)
    for (const { span, number } of spans) places.put(span, segment, number)
    if (missing.length > 0) {
      health.tidy(() => writer.settle(segment, missing))
      onLost('journal_full', missing.length, segment.own)
    }
    return { spans: spans.map(({ span }) => span), suspect }
  }

  function take(own: boolean, most: number): Taken {
    const spans: WireSpan[] = []
    for (const segment of writer.segments) {
      if (segment.own !== own || segment.parked.size === 0) continue
      if (spans.length >= most) break
      const more = takeFrom(segment, most - spans.length)
      spans.push(...more.spans)
      if (more.suspect) return { spans, suspect: true }
    }
    return { spans, suspect: false }
  }

  return {
    settle,
    ...marks,
    record(spans, lines) {
      if (spans.length > 0) health.attempt(() => writer.append(spans, lines))
    },
    park(spans) {
      let count = 0
      for (const [segment, numbers] of places.take(spans)) {
        for (const number of numbers) segment.parked.add(number)
        count += numbers.length
      }
      return count
    },
    holds: (span) => places.has(span),
    isAdopted: (span) => adopted.has(span),
    get unsettled() {
      let count = 0
      for (const segment of writer.segments) if (segment.own) count += segment.unsettled
      return count
    },
    recover: () => adopter.recover(),
    takeOwn: (most) => take(true, most).spans,
    takeAdopted(most) {
      const { spans, suspect } = take(false, most)
      for (let enough = suspect; !enough && spans.length < most && adopter.adoptNext();) {
        const more = take(false, most - spans.length)
        spans.push(...more.spans)
        enough = more.suspect
      }
      for (const span of spans) adopted.add(span)
      return spans
    },
    discardParked() {
      let count = 0
      for (const segment of writer.segments) {
        if (!segment.own) continue
        const numbers = [...segment.parked]
        count += numbers.length
        if (numbers.length > 0) health.tidy(() => writer.settle(segment, numbers))
      }
      return count
    },
    close() {
      // A request that is still under way is not what ends this thread.
      marks.survived()
      health.tidy(() => writer.close())
    },
  }

  function onRemove(entry: Parameters<typeof adopter.remove>[0]): void {
    adopter.remove(entry, 'journal_full')
  }
}

/** Short enough for the name of a file. */
function destinationHash(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 12)
}
