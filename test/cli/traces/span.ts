import type { OtlpSpan, TraceSpan } from '../../../src/cli/traces/trace-span.ts'

/**
 * A span of trace `t1` for tests, named like its id.
 *
 * @param spanId id and name
 * @param parent id of the span above
 * @param times start and end, in milliseconds
 * @param more what differs
 */
export function span(
  spanId: string,
  parent: string | undefined,
  [start, end]: readonly [number, number],
  more: Partial<TraceSpan> = {},
): TraceSpan {
  const otlp: OtlpSpan = {
    traceId: more.traceId ?? 't1',
    spanId,
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name: more.name ?? spanId,
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${end}000000`,
    attributes: [],
    status: {},
  }
  return {
    traceId: otlp.traceId,
    spanId,
    parentSpanId: parent,
    name: otlp.name,
    start,
    end,
    errorType: undefined,
    incomplete: false,
    otlp,
    source: { resource: {}, scope: {} },
    ...more,
  }
}
