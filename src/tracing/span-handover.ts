import type { RecordingSpan } from './recording-span.ts'

/** Passes finished spans on. */
export interface SpanHandover {
  /** Passes a span on, at once where that cannot be noticed. */
  add(span: RecordingSpan): void
  /** Passes on what was held back; for the end of the process. */
  flush(): void
}

const MOST_HELD = 256
// As they were when the agent was loaded: test runners put fake ones in their place.
const later = setImmediate

/**
 * Spans that ended by an error are held back until the event loop turns. Reading `stack` of an error makes V8 forget
 * where it was made, and Node needs that to print the source line, if it turns out that nobody handles the rejection or,
 * at the top level of an ES module, the exception; by then it has.
 *
 * @param pass takes one span
 * @param holds whether this thread holds any back: of a worker thread Node prints no source line, and it may be terminated
 * before its event loop turns
 */
export function createSpanHandover(pass: (span: RecordingSpan) => void, holds: boolean): SpanHandover {
  let held: RecordingSpan[] = []

  function add(span: RecordingSpan): void {
    if (!holds || !span.hasUnreadError) return pass(span)
    if (held.push(span) === 1) later(flush).unref()
    if (held.length >= MOST_HELD) flush()
  }

  function flush(): void {
    const spans = held
    held = []
    for (const span of spans) pass(span)
  }

  return { add, flush }
}
