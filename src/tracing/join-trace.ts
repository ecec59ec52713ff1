import type { Span } from '@opentelemetry/api'
import { TraceId } from './ids.ts'
import { RemoteParent } from './remote-parent.ts'
import { rateOfState } from './sampling-state.ts'
import type { Trace } from './trace.ts'

/**
 * The trace of a parent that is not one of the agent's own spans, as it goes on here.
 *
 * @param epoch see {@link Trace}
 */
export function joinTrace(parent: RemoteParent | Span, epoch: number): Trace {
  const { traceId, traceState } = parent.spanContext()
  const id = TraceId.of(traceId)
  if (parent instanceof RemoteParent) {
    return { id, epoch, state: parent.traceState, samplingRate: parent.samplingRate }
  }
  // Of others' traces the rate is known if they say it.
  const samplingRate = traceState && rateOfState(traceId, traceState.serialize())
  return { id, epoch, state: traceState, samplingRate }
}
