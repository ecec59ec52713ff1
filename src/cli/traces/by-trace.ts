import type { TraceSpan } from './trace-span.ts'

/** Spans by trace id, each trace where its first span stood. */
export function byTrace(spans: Iterable<TraceSpan>): Map<string, TraceSpan[]> {
  const traces = new Map<string, TraceSpan[]>()
  for (const span of spans) {
    const members = traces.get(span.traceId)
    if (members) members.push(span)
    else traces.set(span.traceId, [span])
  }
  return traces
}
