import type { Span, SpanContext } from '@opentelemetry/api'
import { RecordingSpan } from './recording-span.ts'
import { RemoteParent } from './remote-parent.ts'
import { samplingState } from './sampling-state.ts'

/** What a process that is called now has as its parent. */
export interface OutgoingContext {
  readonly spanContext: SpanContext
  /** W3C `tracestate`, as text. */
  readonly traceState: string | undefined
}

/**
 * What goes along with a call to another process, below a trace that is recorded.
 *
 * @param parent of the call
 */
export function outgoingContext(parent: RecordingSpan | RemoteParent | Span): OutgoingContext {
  const spanContext = parent.spanContext()
  const own = parent instanceof RecordingSpan || parent instanceof RemoteParent
  const state = (own ? parent.traceState : spanContext.traceState) ?? ownState(parent)
  return { spanContext, traceState: typeof state === 'string' ? state : state?.serialize() }
}

/** Of a trace that began here; one that came without a rate goes on without. */
function ownState(parent: RecordingSpan | RemoteParent | Span): string | undefined {
  if (!(parent instanceof RecordingSpan) || parent.samplingRate === undefined) return undefined
  return parent.samplingRate > 0 ? samplingState(parent.traceId, parent.samplingRate) : undefined
}
