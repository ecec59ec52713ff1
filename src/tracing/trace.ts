import type { TraceState } from '@opentelemetry/api'
import type { TraceId } from './ids.ts'

/** What all spans of a trace have in common, in this process. */
export interface Trace {
  readonly id: TraceId
  /** Added to `monotonicNow()`, it gives milliseconds since 1970; one value for a whole trace, so that clock steps cannot reorder it. */
  readonly epoch: number
  /** W3C `tracestate`, for what leaves the process: as text, or the application's own. */
  readonly state?: TraceState | string | undefined
  /** Share of roots that was sampled when the trace began, 0 to 1; undefined: not known. */
  readonly samplingRate?: number | undefined
}
