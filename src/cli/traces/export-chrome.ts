import { attributeValues, type PlainValue } from './attribute-values.ts'
import { byTrace } from './by-trace.ts'
import type { TraceSpan } from './trace-span.ts'

/** An event of the Trace Event format: a slice with a length, or a name for a row. Times are microseconds. */
interface ChromeEvent {
  readonly ph: 'X' | 'M'
  readonly name: string
  readonly cat?: string
  readonly pid: number
  readonly tid: number
  readonly ts?: number
  readonly dur?: number
  readonly args: Readonly<Record<string, PlainValue>>
}

interface Lane {
  readonly tid: number
  /** Ends of the slices that are open, outermost first. */
  readonly open: number[]
}

const UNNAMED_SERVICE = 'unknown service'

/**
 * Spans in the format of chrome://tracing, which opens in Perfetto: a process for each service, rows for each trace.
 * Slices of one row must lie inside each other, so calls that overlap get rows of their own.
 *
 * @returns an object for `JSON.stringify`
 * @see https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export function exportChrome(spans: Iterable<TraceSpan>): { readonly traceEvents: readonly ChromeEvent[] } {
  const events: ChromeEvent[] = []
  const services = new Map<string, number>()
  let lastRow = 0

  function processOf(span: TraceSpan): number {
    const name = attributeValues(span.source.resource.attributes)['service.name']
    const service = typeof name === 'string' && name !== '' ? name : UNNAMED_SERVICE
    const known = services.get(service)
    if (known !== undefined) return known
    const pid = services.size + 1
    services.set(service, pid)
    events.push({ ph: 'M', name: 'process_name', pid, tid: 0, args: { name: service } })
    return pid
  }

  for (const [traceId, members] of byTrace(spans)) {
    const lanes: Lane[] = []
    for (const span of members.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
      const pid = processOf(span)
      let lane = lanes.find((candidate) => fits(candidate, span))
      if (!lane) {
        lane = { tid: (lastRow += 1), open: [] }
        lanes.push(lane)
        const name = `trace ${traceId.slice(0, 8)}${lanes.length > 1 ? ` (${lanes.length})` : ''}`
        events.push({ ph: 'M', name: 'thread_name', pid, tid: lane.tid, args: { name } })
      }
      lane.open.push(span.end)
      events.push(slice(span, pid, lane.tid))
    }
  }
  return { traceEvents: events }
}

/** Closes what has ended by then; whether the span lies inside what is still open. */
function fits({ open }: Lane, { start, end }: TraceSpan): boolean {
  while (open.length > 0 && open.at(-1)! <= start) open.pop()
  return open.length === 0 || end <= open.at(-1)!
}

function slice(span: TraceSpan, pid: number, tid: number): ChromeEvent {
  const { errorType, otlp } = span
  return {
    ph: 'X',
    name: span.name,
    cat: errorType === undefined ? 'ok' : 'error',
    pid,
    tid,
    ts: span.start * 1000,
    dur: (span.end - span.start) * 1000,
    args: {
      ...attributeValues(otlp.attributes),
      trace_id: span.traceId,
      span_id: span.spanId,
      ...(otlp.status?.message ? { error: otlp.status.message } : {}),
    },
  }
}
