import type { DemoSpan } from './demo-span.ts'

/** A span and the spans below it, by start. */
export interface TraceNode {
  readonly span: DemoSpan
  readonly children: readonly TraceNode[]
}

/** The spans with one trace id, as trees; more than one root when a parent is missing. */
export interface Trace {
  readonly traceId: string
  readonly roots: readonly TraceNode[]
}

/** Puts spans in order: traces by the start of their first span, children below their parents. */
export function buildTraces(spans: readonly DemoSpan[]): Trace[] {
  const traces = new Map<string, DemoSpan[]>()
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span])
  }
  return [...traces].map(([traceId, members]) => ({ traceId, roots: rootsOf(members) }))
}

function rootsOf(spans: readonly DemoSpan[]): TraceNode[] {
  const ids = new Set(spans.map((span) => span.spanId))
  const node = (span: DemoSpan): TraceNode => ({
    span,
    children: spans.filter((child) => child.parentSpanId === span.spanId).map(node),
  })
  return spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId)).map(node)
}
