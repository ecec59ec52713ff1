import { byTrace } from './by-trace.ts'
import type { TraceSpan } from './trace-span.ts'

/** A span and the spans below it, by start. */
export interface TraceNode {
  readonly span: TraceSpan
  readonly children: readonly TraceNode[]
}

/** The spans with one trace id, as trees; more than one root when a parent is missing. */
export interface Trace {
  readonly traceId: string
  readonly roots: readonly TraceNode[]
}

/** Puts spans in order: traces by the start of their first span, children below their parents. */
export function buildTraces(spans: readonly TraceSpan[]): Trace[] {
  const traces = byTrace(spans.toSorted((a, b) => a.start - b.start))
  return [...traces].map(([traceId, members]) => ({ traceId, roots: treesOf(members) }))
}

/** A tree grows from the root down, so a pair of spans that name each other as parent hangs on none and is left out. */
function treesOf(spans: readonly TraceSpan[]): TraceNode[] {
  const nodes = new Map<string, { span: TraceSpan; children: TraceNode[] }>()
  for (const span of spans) nodes.set(span.spanId, { span, children: [] })
  const roots: TraceNode[] = []
  for (const node of nodes.values()) {
    const { parentSpanId, spanId } = node.span
    const parent = parentSpanId === spanId ? undefined : nodes.get(parentSpanId ?? '')
    if (parent) parent.children.push(node)
    else roots.push(node)
  }
  return roots
}
