import { buildTraces, type TraceNode } from '../../traces/build-traces.ts'
import type { TraceSpan } from '../../traces/trace-span.ts'

/** A line of the waterfall. */
export interface WaterfallRow {
  readonly span: TraceSpan
  /** 1 for a root. */
  readonly level: number
  readonly parent: WaterfallRow | undefined
  readonly hasChildren: boolean
  readonly open: boolean
}

/**
 * The tree of a trace as lines, without what is below a closed span.
 *
 * @param spans of one trace
 * @param closed ids of the spans that are closed
 */
export function waterfallRows(spans: readonly TraceSpan[], closed: ReadonlySet<string>): WaterfallRow[] {
  const rows: WaterfallRow[] = []
  // A stack of our own: a trace may be deeper than the one of the engine.
  const waiting: { node: TraceNode; parent: WaterfallRow | undefined }[] = []
  const push = (nodes: readonly TraceNode[], parent: WaterfallRow | undefined): void => {
    for (const node of nodes.toReversed()) waiting.push({ node, parent })
  }
  for (const { roots } of buildTraces(spans)) push(roots, undefined)
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { span, children } = next.node
    const open = !closed.has(span.spanId)
    const level = (next.parent?.level ?? 0) + 1
    const row = { span, level, parent: next.parent, hasChildren: children.length > 0, open }
    rows.push(row)
    if (open) push(children, row)
  }
  return rows
}
