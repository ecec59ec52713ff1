import { type Attributes, type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-base'
import type { WireError, WireSpan } from '../../transport/wire.ts'
import type { SpanSource } from './span-source.ts'

const MICROSECONDS_PER_SECOND = 1_000_000

/**
 * Gives a finished span the shape the OpenTelemetry exporters take.
 *
 * @param span a filtered span
 * @param source the process, and what recorded it there
 */
export function readableSpan(span: WireSpan, { resource, scope }: SpanSource): ReadableSpan {
  const { traceId } = span
  const end = Math.max(span.start, span.end)
  const traceFlags = TraceFlags.SAMPLED
  const parent = span.parentSpanId !== undefined && {
    parentSpanContext: {
      traceId,
      spanId: span.parentSpanId,
      traceFlags,
      isRemote: span.parentIsRemote ?? false,
    },
  }
  return {
    name: span.name,
    kind: SpanKind.INTERNAL,
    spanContext: () => ({ traceId, spanId: span.spanId, traceFlags }),
    ...parent,
    startTime: hrTime(span.start),
    endTime: hrTime(end),
    duration: hrTime(end - span.start),
    ended: true,
    status: status(span.error),
    attributes: spanAttributes(span),
    links: [],
    events: errorEvents(span, end),
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

/** A double of milliseconds since 1970 is exact to a quarter of a microsecond; rounding there loses nothing real. */
function hrTime(milliseconds: number): HrTime {
  const microseconds = Math.round(milliseconds * 1000)
  const seconds = Math.floor(microseconds / MICROSECONDS_PER_SECOND)
  return [seconds, (microseconds - seconds * MICROSECONDS_PER_SECOND) * 1000]
}

function status(error: WireError | undefined): ReadableSpan['status'] {
  if (!error) return { code: SpanStatusCode.OK }
  return { code: SpanStatusCode.ERROR, ...(error.message ? { message: error.message } : {}) }
}

function spanAttributes({ attributes, error, incomplete }: WireSpan): Attributes {
  return {
    ...attributes,
    ...(error ? { 'error.type': error.type } : {}),
    ...(incomplete ? { 'zen.incomplete': true } : {}),
  }
}

function errorEvents(span: WireSpan, end: number): TimedEvent[] {
  const recorded = (span.recorded ?? []).map((error) => exceptionEvent(error, error.at))
  const { error } = span
  return error?.message !== undefined || error?.stack !== undefined
    ? [...recorded, exceptionEvent(error, end)]
    : recorded
}

function exceptionEvent(error: WireError, at: number): TimedEvent {
  const attributes: Attributes = { 'exception.type': error.type }
  if (error.message !== undefined) attributes['exception.message'] = error.message
  if (error.stack !== undefined) attributes['exception.stacktrace'] = error.stack
  return { name: 'exception', time: hrTime(at), attributes, droppedAttributesCount: 0 }
}
