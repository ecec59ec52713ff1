import type { SpanContext, TraceState } from '@opentelemetry/api'
import type { IdGenerator } from './ids.ts'
import { type KnownParent, UNSAMPLED } from './parent.ts'
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
 * What goes along with a call to another process.
 *
 * @param parent of the call
 * @param ids for the trace of a parent that is not sampled
 */
export function outgoingContext(parent: KnownParent | typeof UNSAMPLED, ids: IdGenerator): OutgoingContext {
  if (parent === UNSAMPLED) {
    // Nothing is known of a trace that is not recorded, but that it is not: any ids say so.
    const context = { traceId: ids.traceId().toString(), spanId: ids.spanId().toString(), traceFlags: 0 }
    return { spanContext: context, traceState: undefined }
  }
  const spanContext = parent.spanContext()
  const state = stateOf(parent) ?? ownState(parent)
  return { spanContext, traceState: typeof state === 'string' ? state : state?.serialize() }
}

function stateOf(parent: KnownParent): TraceState | string | undefined {
  if (parent instanceof RecordingSpan) return parent.trace.state
  return parent instanceof RemoteParent ? parent.traceState : parent.spanContext().traceState
}

/** Of a trace that began here; one that came without a rate goes on without. */
function ownState(parent: KnownParent): string | undefined {
  if (!(parent instanceof RecordingSpan)) return undefined
  const { id, samplingRate = 0 } = parent.trace
  return samplingRate > 0 ? samplingState(id.toString(), samplingRate) : undefined
}
