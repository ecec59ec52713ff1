import type { WireSpan } from '../../transport/wire.ts'
import type { JournalHealth } from './journal-health.ts'
import type { SegmentWriter } from './segment-writer.ts'
import type { SpanPlaces } from './span-places.ts'

/** Tells those who come later what this thread was sending when it died. */
export interface DeathMarks {
  /** They go out now: if this thread dies before it is known how that went, it may have died of one of them. */
  sending(spans: readonly WireSpan[]): void
  /** It did not; those that were not settled meanwhile are sent again. */
  survived(): void
}

/** Makes the marks of one journal. What this thread has survived once is not marked again: one line is enough for an outage. */
export function createDeathMarks(
  places: SpanPlaces,
  writer: Pick<SegmentWriter, 'note'>,
  health: JournalHealth,
): DeathMarks {
  const harmless = new WeakSet<WireSpan>()
  let underWay: readonly WireSpan[] = []

  function note(what: 'sending' | 'survived'): void {
    for (const [segment, numbers] of places.find(underWay)) {
      health.tidy(() => writer.note(what, segment, numbers))
    }
  }

  return {
    sending(spans) {
      underWay = spans.filter((span) => !harmless.has(span))
      note('sending')
    },
    survived() {
      note('survived')
      for (const span of underWay) harmless.add(span)
      underWay = []
    },
  }
}
