import { randomBytes } from 'node:crypto'
import type { WireSpan } from '../transport/wire.ts'
import type { Journal } from './journal/journal.ts'
import type { DropReason } from './metrics/span-counters.ts'
import { type DestinationJournalOptions, openDestinationJournal } from './open-destination-journal.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { createPublicAllowList } from './privacy/public-allow-list.ts'
import { readSpan } from './read-span.ts'

/** Spans that wait in memory until it is decided where they go. */
export interface UndecidedSpans {
  wait(line: string): void
  /** Takes all out, oldest first. */
  take(): string[]
  /** The process ends, and nobody knows for whom they are: no more of them is written down than may go to anybody. */
  keep(): void
}

/** What they are kept with. */
export interface UndecidedOptions extends DestinationJournalOptions, Pick<PipelineOptions, 'onJournaled'> {
  readonly drop: (reason: DropReason, count?: number) => void
}

const MOST_UNDECIDED = 20_000

/** Makes an empty one. */
export function createUndecidedSpans(options: UndecidedOptions): UndecidedSpans {
  const { drop, log } = options
  const lines: string[] = []
  let journal: Journal | undefined

  return {
    wait(line) {
      if (lines.length < MOST_UNDECIDED) lines.push(line)
      else drop('export_backlog')
    },
    take: () => lines.splice(0),
    keep() {
      journal ??= openDestinationJournal(undefined, options)
      if (!journal) return
      const filter = createPublicAllowList(randomBytes(32))
      const kept: WireSpan[] = []
      for (const line of lines.splice(0)) {
        const read = readSpan(line, filter, log)
        if (read === 'unreadable') drop('unreadable')
        else if (read) kept.push(read.span)
        else drop('no_destination')
      }
      journal.record(kept)
      options.onJournaled(journal.unsettled)
    },
  }
}
