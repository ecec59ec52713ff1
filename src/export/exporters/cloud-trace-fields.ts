/**
 * Numbers of the fields of the messages in a request `BatchWriteSpans`.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/devtools/cloudtrace/v2/trace.proto
 */
export const Request = { name: 1, spans: 2 } as const
export const Span = {
  name: 1,
  spanId: 2,
  parentSpanId: 3,
  displayName: 4,
  startTime: 5,
  endTime: 6,
  attributes: 7,
  timeEvents: 9,
  links: 10,
  status: 11,
  sameProcessAsParentSpan: 12,
  spanKind: 14,
} as const
export const AttributeMap = { entry: 1 } as const
export const Entry = { key: 1, value: 2 } as const
export const Value = { string: 1, int: 2, bool: 3 } as const
export const Text = { value: 1 } as const
export const Time = { seconds: 1, nanos: 2 } as const
export const TimeEvents = { event: 1 } as const
export const Event = { time: 1, annotation: 2 } as const
export const Annotation = { description: 1, attributes: 2 } as const
export const Status = { code: 1, message: 2 } as const
export const Bool = { value: 1 } as const

/** Of `Span.SpanKind`. */
export const KIND_INTERNAL = 1
/** Of `google.rpc.Code`. */
export const Code = { ok: 0, unknown: 2 } as const
