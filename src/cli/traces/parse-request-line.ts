import type { OtlpSpan, SpanSource, TraceSpan } from './trace-span.ts'

const STATUS_ERROR = 2

interface OtlpRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: SpanSource['resource']
    readonly scopeSpans?: readonly { readonly scope?: SpanSource['scope']; readonly spans?: OtlpSpan[] }[]
  }[]
}

/**
 * Reads one line of a trace file, which is one request of OTLP/JSON.
 *
 * @param line without its line break
 * @returns its spans; none if the line is not such a request, as where a disk was full
 * @see https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
 */
export function parseRequestLine(line: string): TraceSpan[] {
  let request: OtlpRequest
  try {
    request = JSON.parse(line) as OtlpRequest
  } catch {
    return []
  }
  return (request.resourceSpans ?? []).flatMap(({ resource = {}, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope = {}, spans = [] }) => {
      const source: SpanSource = { resource, scope }
      return spans.map((span) => traceSpan(span, source))
    }),
  )
}

function traceSpan(otlp: OtlpSpan, source: SpanSource): TraceSpan {
  const attribute = (key: string) => otlp.attributes?.find((candidate) => candidate.key === key)?.value
  const failed = otlp.status?.code === STATUS_ERROR
  return {
    traceId: otlp.traceId,
    spanId: otlp.spanId,
    parentSpanId: otlp.parentSpanId || undefined,
    name: otlp.name,
    start: milliseconds(otlp.startTimeUnixNano),
    end: milliseconds(otlp.endTimeUnixNano),
    errorType: failed ? (attribute('error.type')?.stringValue ?? 'Error') : undefined,
    incomplete: attribute('zen.incomplete')?.boolValue === true,
    otlp,
    source,
  }
}

/** Nanoseconds since 1970 are beyond what a number holds exactly; microseconds are not. */
function milliseconds(nanoseconds: string): number {
  return Number(nanoseconds.slice(0, -3)) / 1000
}
