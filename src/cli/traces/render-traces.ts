import type { Trace, TraceNode } from './build-traces.ts'
import { formatDuration } from './format-duration.ts'
import type { TraceSpan } from './trace-span.ts'

/** Puts a colour on a text, or does not. */
export type Paint = (colour: 'green' | 'red' | 'gray', text: string) => string

/** How traces are drawn. */
export interface RenderOptions {
  /** Characters in a line. */
  readonly width: number
  readonly paint: Paint
}

interface Row {
  readonly label: string
  readonly span: TraceSpan
}

/** What stands beside label and bar: mark, duration, error type and the blanks between. */
const BESIDE_BAR = 28
const SHORTEST_BAR = 8
const DURATION_WIDTH = 9

/** Draws each trace as a tree: mark, name, duration, and a bar that shows when in its trace the call ran. */
export function renderTraces(traces: readonly Trace[], options: RenderOptions): string[] {
  const drawn = traces.map(({ traceId, roots }) => ({ traceId, rows: roots.flatMap((root) => rowsOf(root)) }))
  const labelWidth = Math.max(0, ...drawn.flatMap(({ rows }) => rows.map(({ label }) => label.length)))
  const barWidth = Math.max(SHORTEST_BAR, options.width - labelWidth - BESIDE_BAR)
  return drawn.flatMap(({ traceId, rows }, index) => [
    ...(index > 0 ? [''] : []),
    options.paint('gray', `trace ${traceId}`),
    ...renderRows(rows, labelWidth, barWidth, options.paint),
  ])
}

function rowsOf({ span, children }: TraceNode, own = '', below = ''): Row[] {
  return [
    { label: own + span.name, span },
    ...children.flatMap((child, index) =>
      index < children.length - 1
        ? rowsOf(child, `${below}├─ `, `${below}│  `)
        : rowsOf(child, `${below}└─ `, `${below}   `),
    ),
  ]
}

function renderRows(rows: readonly Row[], labelWidth: number, barWidth: number, paint: Paint): string[] {
  const start = Math.min(...rows.map(({ span }) => span.start))
  const length = Math.max(...rows.map(({ span }) => span.end)) - start
  return rows.map(({ label, span }) => {
    const colour = span.errorType === undefined ? 'green' : 'red'
    const mark = paint(colour, span.errorType === undefined ? '✓' : '✗')
    const bar = barOf(span, start, length, barWidth)
    const notes = [span.errorType, span.incomplete ? 'incomplete' : undefined].filter(Boolean).join(', ')
    const cells = [mark, label.padEnd(labelWidth), durationOf(span), paint(colour, bar)]
    return notes === '' ? cells.join(' ').trimEnd() : `${cells.join(' ')} ${paint(colour, notes)}`
  })
}

/** As long as its share of the trace, but never invisible, and never past the end. */
function barOf({ start, end }: TraceSpan, traceStart: number, traceLength: number, width: number): string {
  const share = traceLength > 0 ? width / traceLength : 0
  const length = Math.min(width, Math.max(1, Math.round((end - start) * share)))
  const offset = Math.min(width - length, Math.round((start - traceStart) * share))
  return (' '.repeat(offset) + '█'.repeat(length)).padEnd(width)
}

function durationOf({ start, end }: TraceSpan): string {
  return formatDuration(end - start).padStart(DURATION_WIDTH)
}
