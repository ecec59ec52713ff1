import type { RecordingSpan } from './recording-span.ts'

/** The spans that have not ended, so that they can be ended when the process does. */
export interface OpenSpans {
  add(span: RecordingSpan): void
  remove(span: RecordingSpan): void
  /** Ends all of them as incomplete, the latest first, so that children end before their parents. */
  endAll(uncaught?: { readonly thrown: unknown }): void
}

const MOST_OPEN = 10_000

/** Keeps at most 10,000 open spans; older ones are forgotten here, and sent when they end. */
export function createOpenSpans(): OpenSpans {
  const open = new Set<RecordingSpan>()

  function add(span: RecordingSpan): void {
    open.add(span)
    if (open.size <= MOST_OPEN) return
    for (const oldest of open) {
      open.delete(oldest)
      return
    }
  }

  function endAll(uncaught?: { readonly thrown: unknown }): void {
    for (const span of [...open].toReversed()) span.endIncomplete(uncaught)
    open.clear()
  }

  return { add, remove: (span) => open.delete(span), endAll }
}
