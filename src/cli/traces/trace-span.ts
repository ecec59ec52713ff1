/** A value of OTLP/JSON: exactly one of the fields is set. */
export interface OtlpValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  /** 64 bits, so mostly a text. */
  readonly intValue?: string | number
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] }
}

/** A named value of OTLP/JSON. */
export interface OtlpAttribute {
  readonly key: string
  readonly value: OtlpValue
}

/** Something that happened during a span, such as an exception. */
export interface OtlpEvent {
  readonly timeUnixNano: string
  readonly name: string
  readonly attributes?: readonly OtlpAttribute[]
}

/** A span as a trace file holds it. */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: readonly OtlpAttribute[]
  readonly events?: readonly OtlpEvent[]
  readonly status?: { readonly code?: number; readonly message?: string }
}

/** Where spans come from; one object for all spans of a request that share it. */
export interface SpanSource {
  readonly resource: { readonly attributes?: readonly OtlpAttribute[] }
  readonly scope: { readonly name?: string; readonly version?: string }
}

/** What lists, trees and statistics need of a span, and the span itself. */
export interface TraceSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  /** Milliseconds since 1970, with fractions. */
  readonly start: number
  readonly end: number
  /** Class of the error; undefined when the call succeeded. */
  readonly errorType: string | undefined
  /** The process ended first. */
  readonly incomplete: boolean
  readonly otlp: OtlpSpan
  readonly source: SpanSource
}
