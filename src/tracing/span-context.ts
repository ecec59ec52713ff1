import type { SpanContext } from '@opentelemetry/api'

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/

/** The sampled bit of the W3C trace flags. */
export const SAMPLED = 1

/** Whether a span context found elsewhere can be a parent. */
export function isValidSpanContext(context: SpanContext): boolean {
  return TRACE_ID.test(context.traceId) && SPAN_ID.test(context.spanId)
}
