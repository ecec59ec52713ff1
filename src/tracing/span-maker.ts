import { epochNow, monotonicNow } from './clock.ts'
import { type IdGenerator, SpanId } from './ids.ts'
import { joinTrace } from './join-trace.ts'
import { createOpenSpans } from './open-spans.ts'
import type { KnownParent } from './parent.ts'
import { RecordingSpan } from './recording-span.ts'
import type { SpanTemplate } from './span-template.ts'
import type { Trace } from './trace.ts'

/** What making spans needs from its surroundings. */
export interface SpanMakerOptions {
  /** Called before the first span of the process is made. */
  readonly onFirstSpan: () => void
  /** Called with each span that begins. */
  readonly onStart: () => void
  /** Called with each span that ended. */
  readonly onEnd: (span: RecordingSpan) => void
}

/** Makes spans, and knows those that are open. */
export interface SpanMaker {
  /**
   * Starts a span.
   *
   * @param parent undefined: a trace begins
   * @param samplingRate of a trace that begins, 0 to 1; undefined: it was not sampled
   * @param startedAt by `monotonicNow()`, where it was not now
   */
  start(
    template: SpanTemplate,
    parent: KnownParent | undefined,
    samplingRate: number | undefined,
    startedAt?: number,
  ): RecordingSpan
  /** Ends everything that is open, because the process ends. */
  endOpen(uncaught?: { readonly thrown: unknown }): void
}

/** Prepares the making of spans; until the first one it costs nothing. */
export function createSpanMaker(ids: IdGenerator, options: SpanMakerOptions): SpanMaker {
  const open = createOpenSpans()
  let started = false

  function start(
    template: SpanTemplate,
    parent: KnownParent | undefined,
    samplingRate: number | undefined,
    startedAt?: number,
  ): RecordingSpan {
    if (!started) {
      started = true
      options.onFirstSpan()
    }
    const now = monotonicNow()
    const own = parent instanceof RecordingSpan ? parent : undefined
    const other = own === undefined ? (parent as Exclude<typeof parent, RecordingSpan>) : undefined
    const span = new RecordingSpan(
      {
        template,
        trace: own?.trace ?? (other ? joinTrace(other, epochNow(now)) : newTrace(now, samplingRate)),
        id: ids.spanId(),
        parent: own?.id ?? (other && SpanId.of(other.spanContext().spanId)),
        parentIsRemote: other !== undefined,
        startedAt: startedAt ?? now,
      },
      ended,
    )
    open.add(span)
    options.onStart()
    return span
  }

  function newTrace(now: number, samplingRate: number | undefined): Trace {
    return { id: ids.traceId(), epoch: epochNow(now), state: undefined, samplingRate }
  }

  function ended(span: RecordingSpan): void {
    open.remove(span)
    options.onEnd(span)
  }

  return { start, endOpen: open.endAll }
}
