import type { RecordingSpan } from './recording-span.ts'

/** The spans that have not ended, so that they can be ended when the process does. */
export interface OpenSpans {
  add(span: RecordingSpan): void
  remove(span: RecordingSpan): void
  /** Ends all of them as incomplete, the latest first, so that children end before their parents. */
  endAll(uncaught?: { readonly thrown: unknown }): void
}

const MOST_OPEN = 10_000

/**
 * Keeps at most 10,000 open spans; older ones are forgotten here, and sent when they end. They are a list through fields
 * of their own: a set of them makes garbage, and takes longer than the clock.
 */
export function createOpenSpans(): OpenSpans {
  let latest: RecordingSpan | undefined
  let oldest: RecordingSpan | undefined
  let size = 0

  function add(span: RecordingSpan): void {
    span.older = latest
    if (latest === undefined) oldest = span
    else latest.newer = span
    latest = span
    if (++size > MOST_OPEN && oldest !== undefined) remove(oldest)
  }

  function remove(span: RecordingSpan): void {
    const { older, newer } = span
    // Forgotten before.
    if (older === undefined && span !== oldest) return
    if (newer === undefined) latest = older
    else newer.older = older
    if (older === undefined) oldest = newer
    else older.newer = newer
    span.older = span.newer = undefined
    size--
  }

  function endAll(uncaught?: { readonly thrown: unknown }): void {
    const spans: RecordingSpan[] = []
    for (let span = latest; span !== undefined; span = span.older) spans.push(span)
    for (const span of spans) {
      remove(span)
      span.endIncomplete(uncaught)
    }
  }

  return { add, remove, endAll }
}
