import { type Attributes, type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-base'
import type { WireError, WireSpan } from '../../transport/wire.ts'
import type { SpanSource } from './span-source.ts'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

const MICROSECONDS_PER_SECOND = 1_000_000
const SUCCEEDED: ReadableSpan['status'] = { code: SpanStatusCode.OK }
const NONE: ReadableSpan['links'] = []

/**
 * Gives a finished span the shape the OpenTelemetry exporters take.
 *
 * @param span a filtered span
 * @param source the process, and what recorded it there
 */
export function readableSpan(span: WireSpan, { resource, scope }: SpanSource): ReadableSpan {
  const { traceId, spanId, parentSpanId } = span
  const end = Math.max(span.start, span.end)
  const traceFlags = TraceFlags.SAMPLED
  // Filled in one by one: spreading what may be undefined takes V8 microseconds.
  const readable: Writable<ReadableSpan> = {
    name: span.name,
    kind: SpanKind.INTERNAL,
    spanContext: () => ({ traceId, spanId, traceFlags }),
    startTime: hrTime(span.start),
    endTime: hrTime(end),
    duration: hrTime(end - span.start),
    ended: true,
    status: span.error ? failed(span.error) : SUCCEEDED,
    attributes: spanAttributes(span),
    links: NONE,
    events: errorEvents(span, end),
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
  if (parentSpanId !== undefined) {
    const isRemote = span.parentIsRemote ?? false
    readable.parentSpanContext = { traceId, spanId: parentSpanId, traceFlags, isRemote }
  }
  return readable
}

/** A double of milliseconds since 1970 is exact to a quarter of a microsecond; rounding there loses nothing real. */
function hrTime(milliseconds: number): HrTime {
  const microseconds = Math.round(milliseconds * 1000)
  const seconds = Math.floor(microseconds / MICROSECONDS_PER_SECOND)
  return [seconds, (microseconds - seconds * MICROSECONDS_PER_SECOND) * 1000]
}

function failed({ message }: WireError): ReadableSpan['status'] {
  return message ? { code: SpanStatusCode.ERROR, message } : { code: SpanStatusCode.ERROR }
}

function spanAttributes({ attributes, error, incomplete }: WireSpan): Attributes {
  if (!error && !incomplete) return attributes as Attributes
  const more: Attributes = { ...attributes }
  if (error) more['error.type'] = error.type
  if (incomplete) more['zen.incomplete'] = true
  return more
}

function errorEvents({ recorded, error }: WireSpan, end: number): TimedEvent[] {
  const events = recorded ? recorded.map((one) => exceptionEvent(one, one.at)) : []
  if (error?.message !== undefined || error?.stack !== undefined) events.push(exceptionEvent(error, end))
  return events
}

function exceptionEvent(error: WireError, at: number): TimedEvent {
  const attributes: Attributes = { 'exception.type': error.type }
  if (error.message !== undefined) attributes['exception.message'] = error.message
  if (error.stack !== undefined) attributes['exception.stacktrace'] = error.stack
  return { name: 'exception', time: hrTime(at), attributes, droppedAttributesCount: 0 }
}
