import type { OtlpSpan, SpanSource, TraceSpan } from './trace-span.ts'

interface ExportedSource {
  readonly resource: SpanSource['resource']
  readonly scopeSpans: readonly [{ readonly scope: SpanSource['scope']; readonly spans: OtlpSpan[] }]
}

/**
 * Spans as one request of OTLP/JSON, which every OpenTelemetry collector takes.
 *
 * @returns an object for `JSON.stringify`
 */
export function exportOtlp(spans: Iterable<TraceSpan>): {
  readonly resourceSpans: readonly ExportedSource[]
} {
  const sources = new Map<SpanSource, ExportedSource>()
  for (const { otlp, source } of spans) {
    const { resource, scope } = source
    let exported = sources.get(source)
    if (!exported) sources.set(source, (exported = { resource, scopeSpans: [{ scope, spans: [] }] }))
    exported.scopeSpans[0].spans.push(otlp)
  }
  return { resourceSpans: [...sources.values()] }
}
